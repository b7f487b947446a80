import type { Member } from '@snoop/sdk'
import { normalizeEmail } from '@snoop/sdk/contract'
import { CliError } from '../../cli-error'
import { EXIT } from '../../exit-codes'
import type { OpenClient } from '../../http/open-client'
import { terminalSafeLine } from '../../output/terminal-text'

/** What a member was looked for in vain with goes by this. */
export const LIST_HINT = 'See:  snoop members list'

const PAGE = 100
/** The longest text that a list can be searched for; addresses can be longer. */
const MAX_SEARCH = 200

/** The query of a list that holds this address, maybe among others, and the address as the server writes it. */
export const searchAddress = (typed: string): { readonly email: string; readonly q: string } => {
  const email = normalizeEmail(typed)
  return { email, q: email.slice(0, MAX_SEARCH) }
}

/** Whether it is an address; ids have no @. */
export const isAddress = (typed: string): boolean => typed.includes('@')

const find = async (
  { client, call }: OpenClient,
  organizationId: string,
  typed: string,
): Promise<Member | undefined> => {
  const { email, q } = searchAddress(typed)
  const search = isAddress(typed) ? { q } : {}
  for await (const member of client.members.list({ organizationId, limit: PAGE, ...search }, call)) {
    if (member.id === typed || member.email === email) return member
  }
  return undefined
}

/**
 * The member with this e-mail address, to the letter, or this id.
 * @throws CliError (exit 3) if the organization has none
 */
export const findMember = async (
  open: OpenClient,
  organizationId: string,
  emailOrId: string,
): Promise<Member> => {
  const found = await find(open, organizationId, emailOrId)
  if (found !== undefined) return found
  throw new CliError(`There is no member ${emailOrId} in this organization.`, {
    code: 'member.unknown',
    exit: EXIT.NOT_FOUND,
    hint: `${LIST_HINT}\nSomebody who is to join:  snoop invites send <email>`,
  })
}

/** A member in a sentence; the name may be anything and cannot make the line lie. */
export const memberText = ({ fullName, email }: Pick<Member, 'fullName' | 'email'>): string =>
  `${terminalSafeLine(fullName)} (${email})`
