import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { type GuessPolicy, PASSWORD_POLICY } from '../guesses/decide-guess'
import { type GuessSubject, takeGuess } from '../guesses/take-guess'
import { keyedHash } from '../keyed-hash'
import type { ClickedLink } from './click-counter'

const WAY_OUT = 'Ask who gave you the link.'

/** From one address, which may be that of a whole office: as at a sign-in, but for an end. */
const ADDRESS_POLICY: GuessPolicy = { ...PASSWORD_POLICY, last: Number.POSITIVE_INFINITY, wayOut: WAY_OUT }

/** From everywhere: slow enough that a few addresses with all their tries get nowhere. */
const LINK_POLICY: GuessPolicy = {
  free: 50,
  delaysMs: [1_000, 2_000, 4_000, 8_000, 15_000],
  last: Number.POSITIVE_INFINITY,
  wayOut: WAY_OUT,
}

const subjectsOf = (context: DomainContext, link: ClickedLink, address: string) => {
  const id = `${link.organization_id} ${link.number}`
  return {
    address: keyedHash(context, 'guess link from', `${id} ${address}`) as GuessSubject,
    link: keyedHash(context, 'guess link', id) as GuessSubject,
  }
}

/** Each guess counts up before this is asked, so that one alone is the first, whatever comes at the same time. */
const isFirstGuess = async ({ storage, clock }: DomainContext, subject: GuessSubject): Promise<boolean> => {
  const { attempts } = await storage.transaction(stores => stores.guessCounters.lock(subject, clock()))
  return attempts === 1
}

/**
 * Counts a guess at the password of a link, before it is checked. The first one of an address does not wait for those of
 * others: otherwise whoever guesses from everywhere would keep everybody out.
 * @throws DomainError RATE_LIMIT_ERROR
 */
export const takeLinkGuess = async (
  context: DomainContext,
  link: ClickedLink,
  address: string,
): Promise<void> => {
  const subjects = subjectsOf(context, link, address)
  await takeGuess(context, subjects.address, ADDRESS_POLICY)
  try {
    await takeGuess(context, subjects.link, LINK_POLICY)
  } catch (error) {
    const mustWait = error instanceof DomainError && error.code === 'RATE_LIMIT_ERROR'
    if (!mustWait || !(await isFirstGuess(context, subjects.address))) throw error
  }
}

/** After a right one. */
export const forgetLinkGuesses = (
  context: DomainContext,
  link: ClickedLink,
  address: string,
): Promise<void> => context.storage.guessCounters.delete(Object.values(subjectsOf(context, link, address)))
