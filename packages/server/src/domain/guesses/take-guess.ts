import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { keyedHash } from '../keyed-hash'
import { decideGuess, type GuessPolicy } from './decide-guess'

/** Whose secret is guessed at. Stored as an HMAC, which tells nothing. */
export type GuessSubject = string & { readonly subject: unique symbol }

type Keyed = Pick<DomainContext, 'secrets'>

const subjectOf = (context: Keyed, kind: string, id: string) =>
  keyedHash(context, `guess ${kind}`, id) as GuessSubject

/** The password of whatever account has this address, if any. @param email normalised */
export const passwordSubject = (context: Keyed, email: string) => subjectOf(context, 'password', email)
/** The password of an account, from a device that signed in to it before. */
export const devicePasswordSubject = (context: Keyed, deviceId: string) =>
  subjectOf(context, 'device', deviceId)
/** The password of an account, from a session of it. */
export const sessionPasswordSubject = (context: Keyed, userId: string) =>
  subjectOf(context, 'session', userId)
/** The second factors of an account, all of them together. */
export const secondFactorSubject = (context: Keyed, userId: string) =>
  subjectOf(context, 'second-factor', userId)

/** A time to wait, for people. */
export const inWords = (seconds: number): string =>
  seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`

const WAY_OUT_SECONDS = 24 * 3600

/**
 * Counts a guess before it is checked, so that of many at the same time no more than the policy allows are checked.
 * The answer is the same whether or not there is anything to guess at.
 * @throws DomainError RATE_LIMIT_ERROR with the seconds to wait
 */
export const takeGuess = async (
  { storage, clock, logger }: DomainContext,
  subject: GuessSubject,
  policy: GuessPolicy,
): Promise<void> => {
  const now = clock()
  const verdict = await storage.transaction(async stores => {
    const decided = decideGuess(policy, await stores.guessCounters.lock(subject, now), now)
    if (decided.outcome === 'taken')
      await stores.guessCounters.update(subject, { ...decided.count, updated_at: now })
    return decided
  })
  if (verdict.outcome === 'taken') return
  logger.warn({ event: 'account.guess_refused', outcome: verdict.outcome }, 'a guess was refused')
  const message =
    verdict.outcome === 'wait'
      ? `Too many failed tries. Wait ${inWords(verdict.retryAfterSeconds)}, or use another way to sign in.`
      : `Too many failed tries in a row. ${policy.wayOut}`
  const retryAfterSeconds = verdict.outcome === 'wait' ? verdict.retryAfterSeconds : WAY_OUT_SECONDS
  throw new DomainError('RATE_LIMIT_ERROR', { message, detail: { retryAfterSeconds } })
}
