import type { DomainContext } from '../domain-context'
import { type GuessPolicy, PASSWORD_POLICY } from '../guesses/decide-guess'
import { type GuessSubject, takeGuess } from '../guesses/take-guess'
import { keyedHash } from '../keyed-hash'
import type { ClickedLink } from './click-counter'

const WAY_OUT = 'Ask who gave you the link.'

/** From one address, which may be that of a whole office: as at a sign-in, but for an end. */
const ADDRESS_POLICY: GuessPolicy = { ...PASSWORD_POLICY, last: Number.POSITIVE_INFINITY, wayOut: WAY_OUT }

/** From everywhere: slow enough that many addresses get nowhere, and never so slow that nobody else gets in. */
const LINK_POLICY: GuessPolicy = {
  free: 50,
  delaysMs: [1_000, 2_000, 4_000, 8_000, 15_000],
  last: Number.POSITIVE_INFINITY,
  wayOut: WAY_OUT,
}

const subjectsOf = (context: DomainContext, link: ClickedLink, ipAddress: string) => {
  const id = `${link.organization_id} ${link.number}`
  return {
    address: keyedHash(context, 'guess link from', `${id} ${ipAddress}`) as GuessSubject,
    link: keyedHash(context, 'guess link', id) as GuessSubject,
  }
}

/** Counts a guess at the password of a link, before it is checked. @throws DomainError RATE_LIMIT_ERROR */
export const takeLinkGuess = async (
  context: DomainContext,
  link: ClickedLink,
  ipAddress: string,
): Promise<void> => {
  const subjects = subjectsOf(context, link, ipAddress)
  await takeGuess(context, subjects.address, ADDRESS_POLICY)
  await takeGuess(context, subjects.link, LINK_POLICY)
}

/** After a right one. */
export const forgetLinkGuesses = (
  context: DomainContext,
  link: ClickedLink,
  ipAddress: string,
): Promise<void> => context.storage.guessCounters.delete(Object.values(subjectsOf(context, link, ipAddress)))
