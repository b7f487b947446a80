import { CliError } from '../../cli-error'
import { EXIT } from '../../exit-codes'
import type { OpenClient } from '../../http/open-client'
import { isAddress, searchAddress } from '../members/find-member'

/** What an invitation was looked for in vain with goes by this. */
export const LIST_HINT = 'See:  snoop invites list'

const PAGE = 100

/**
 * The id of the invitation of this e-mail address, to the letter; an id is taken as it is.
 * @throws CliError (exit 3) if the address is not invited
 */
export const findInvitation = async (
  { client, call }: OpenClient,
  organizationId: string,
  emailOrId: string,
): Promise<string> => {
  if (!isAddress(emailOrId)) return emailOrId
  const { email, q } = searchAddress(emailOrId)
  for await (const invitation of client.invites.list({ organizationId, limit: PAGE, q }, call)) {
    if (invitation.email === email) return invitation.id
  }
  throw new CliError(`${emailOrId} is not invited to this organization.`, {
    code: 'invitation.unknown',
    exit: EXIT.NOT_FOUND,
    hint: `${LIST_HINT}\nTo invite somebody:  snoop invites send ${email}`,
  })
}
