import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { GuessCount } from '../guesses/decide-guess'
import { inWords } from '../guesses/take-guess'
import { keyedHash } from '../keyed-hash'

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS

/** So many mails at most from the first one until `windowMs` later; then it is counted anew. */
export interface MailLimit {
  readonly most: number
  readonly windowMs: number
}

/** Of one organization to one address. */
const PAIR_LIMIT: MailLimit = { most: 1, windowMs: 60 * SECOND_MS }
/** To one address, of all organizations: whoever signs up can found as many as they like. */
const ADDRESS_LIMIT: MailLimit = { most: 5, windowMs: HOUR_MS }
/** Of one organization, to whomever. */
const ORGANIZATION_LIMIT: MailLimit = { most: 100, windowMs: HOUR_MS }

export type MailVerdict =
  /** `blocked_until` is the end of the window, as long as which a full count blocks. */
  | { readonly outcome: 'counted'; readonly count: GuessCount }
  | { readonly outcome: 'wait'; readonly retryAfterSeconds: number; readonly left: number }

/** Whether so many mails more may go out now. Pure. @param mails `limit.most` at most */
export const countMails = (limit: MailLimit, count: GuessCount, mails: number, now: number): MailVerdict => {
  if (now >= count.blocked_until)
    return { outcome: 'counted', count: { attempts: mails, blocked_until: now + limit.windowMs } }
  const attempts = count.attempts + mails
  if (attempts <= limit.most) return { outcome: 'counted', count: { ...count, attempts } }
  const retryAfterSeconds = Math.ceil((count.blocked_until - now) / SECOND_MS)
  return { outcome: 'wait', retryAfterSeconds, left: limit.most - count.attempts }
}

/** Something that is counted. */
interface Counted {
  /** An HMAC: the counter tells no address. */
  readonly subject: string
  readonly limit: MailLimit
  readonly mails: number
  /** Why it waits, for people; nothing of what others send to an address. */
  refusal(left: number, seconds: number): string
}

const listCounted = (
  context: Pick<DomainContext, 'secrets'>,
  organizationId: string,
  emails: readonly string[],
): Counted[] => {
  const subjectOf = (whose: string, id: string) => keyedHash(context, `invitation mails ${whose}`, id)
  const ofOrganization: Counted = {
    subject: subjectOf('organization', organizationId),
    limit: ORGANIZATION_LIMIT,
    mails: emails.length,
    refusal: (left, seconds) =>
      `An organization sends at most ${ORGANIZATION_LIMIT.most} invitations an hour; ${left === 0 ? 'none' : left} ${left > 1 ? 'are' : 'is'} left. Wait ${inWords(seconds)}.`,
  }
  const ofAddresses = emails.flatMap((email): Counted[] => [
    {
      subject: subjectOf('pair', `${organizationId}\0${email}`),
      limit: PAIR_LIMIT,
      mails: 1,
      refusal: (_left, seconds) =>
        `${email} was sent an invitation less than a minute ago. Wait ${inWords(seconds)}.`,
    },
    {
      subject: subjectOf('address', email),
      limit: ADDRESS_LIMIT,
      mails: 1,
      refusal: (_left, seconds) => `${email} cannot be sent more mails now. Wait ${inWords(seconds)}.`,
    },
  ])
  return [...ofAddresses, ofOrganization]
}

/**
 * Counts the mails of invitations, in the transaction that sends them: if that fails, nothing was counted. The counters
 * stand by themselves, so that they outlast an invitation, its sender and its organization.
 * @param emails normalised, each once
 * @throws DomainError RATE_LIMIT_ERROR with the seconds to wait
 */
export const takeInvitationMails = async (
  context: Pick<DomainContext, 'secrets'>,
  { guessCounters }: Pick<Stores, 'guessCounters'>,
  organizationId: string,
  emails: readonly string[],
  now: number,
): Promise<void> => {
  const all = listCounted(context, organizationId, emails)
  const rows = await guessCounters.lockAll(
    all.map(({ subject }) => subject),
    now,
  )
  const found = new Map(rows.map(row => [row.subject, row]))
  const counted = all.map(({ subject, limit, mails, refusal }) => {
    const verdict = countMails(limit, found.get(subject) ?? { attempts: 0, blocked_until: 0 }, mails, now)
    if (verdict.outcome === 'counted') return { subject, ...verdict.count, updated_at: now }
    const { left, retryAfterSeconds } = verdict
    throw new DomainError('RATE_LIMIT_ERROR', {
      message: refusal(left, retryAfterSeconds),
      detail: { retryAfterSeconds },
    })
  })
  await guessCounters.updateAll(counted)
}
