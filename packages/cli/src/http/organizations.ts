import type { Organization } from '@snoop/sdk'
import { CliError, usageError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT } from '../exit-codes'
import { terminalSafeLine } from '../output/terminal-text'
import { isIdAlone } from './is-id-alone'
import type { OpenClient } from './open-client'

const PAGE = 100

/** Every organization of the account, by name. */
export const listOrganizations = async ({ client, call }: OpenClient): Promise<Organization[]> => {
  const found: Organization[] = []
  for await (const organization of client.organizations.list({ limit: PAGE, sort: 'name' }, call)) {
    found.push(organization)
  }
  return found
}

const listText = (organizations: readonly Organization[]): string =>
  organizations.map(({ slug, name }) => `${slug}  ${terminalSafeLine(name)}`).join('\n')

/** @throws CliError (exit 3) if the account has no organization of this id or slug */
export const findOrganization = async (open: OpenClient, idOrSlug: string): Promise<Organization> => {
  const organizations = await listOrganizations(open)
  const found = organizations.find(({ id, slug }) => id === idOrSlug || slug === idOrSlug)
  if (found !== undefined) return found
  throw new CliError(`You have no organization ${idOrSlug}.`, {
    code: 'org.unknown',
    exit: EXIT.NOT_FOUND,
    hint: organizations.length > 0 ? `You have:\n${listText(organizations)}` : undefined,
  })
}

/** Whether finding the organization takes a look at the list, which needs `user:read`. */
export const needsOrganizationList = async (context: CommandContext): Promise<boolean> => {
  const { org, rememberedOrg } = await context.settings()
  return rememberedOrg === undefined && (org === undefined || !isIdAlone(org.value))
}

/**
 * The id of the organization to work in: `--org`, SNOOP_ORG, the one chosen by `snoop orgs use`, or the only one.
 * @throws CliError: exit 2 if there are several and none was named, exit 3 if there is none
 */
export const chooseOrganization = async (context: CommandContext, open: OpenClient): Promise<string> => {
  const { org, rememberedOrg } = await context.settings()
  if (rememberedOrg !== undefined) return rememberedOrg.id
  if (org !== undefined)
    return isIdAlone(org.value) ? org.value : (await findOrganization(open, org.value)).id
  const organizations = await listOrganizations(open)
  const [first] = organizations
  if (first === undefined) {
    throw new CliError('You have no organization.', { code: 'org.none', exit: EXIT.NOT_FOUND })
  }
  if (organizations.length === 1) return first.id
  throw usageError(
    'You have several organizations: say which one.',
    `Add --org <slug>, or choose one for good:  snoop orgs use <slug>\n${listText(organizations)}`,
  )
}
