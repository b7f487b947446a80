import type { Organization } from '@snoop/sdk'
import type { CommandContext } from '../../context'
import type { OpenClient } from '../../http/open-client'
import { chooseOrganization, findOrganization } from '../../http/organizations'
import { terminalSafeLine } from '../../output/terminal-text'

/**
 * The organization that was named, or else the one in use. It is looked up in the list of the account, which a member
 * who does not meet an MFA policy may see, too.
 * @throws CliError: exit 3 if the account has none of this id or slug, exit 2 if none was named and there are several
 */
export const namedOrganization = async (
  context: CommandContext,
  open: OpenClient,
  idOrSlug: string | undefined,
): Promise<Organization> => findOrganization(open, idOrSlug ?? (await chooseOrganization(context, open)))

/** An organization in a sentence; its name may be anybody's and cannot make the line lie. */
export const organizationText = ({ name, slug }: Pick<Organization, 'name' | 'slug'>): string =>
  `${terminalSafeLine(name)} (${slug})`
