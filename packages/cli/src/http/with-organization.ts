import type { Scope } from '@snoop/sdk'
import type { CommandContext } from '../context'
import type { OpenClient } from './open-client'
import { chooseOrganization, needsOrganizationList } from './organizations'
import { withClient } from './with-client'

/** Does `work` in the organization in use, with a credential that has these scopes. */
export const withOrganization = async <T>(
  context: CommandContext,
  scopes: readonly Scope[],
  work: (open: OpenClient, organizationId: string) => Promise<T>,
): Promise<T> => {
  const needed = (await needsOrganizationList(context)) ? [...scopes, 'user:read'] : scopes
  return withClient(context, { prefer: 'key', scopes: needed }, async open =>
    work(open, await chooseOrganization(context, open)),
  )
}
