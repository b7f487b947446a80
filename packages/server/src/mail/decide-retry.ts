import { NEVER_AGAIN } from './outbox-source'

const SECOND_MS = 1000
const FIRST_DELAY_MS = 5 * SECOND_MS
const LONGEST_DELAY_MS = 3600 * SECOND_MS
const GIVE_UP_AFTER_MS = 3 * 24 * 3600 * SECOND_MS

/**
 * When to try a mail again that just failed: after 5 s, doubling to an hour, each shortened by up to a quarter so that
 * mails that failed together do not return together.
 * @param random from 0 to 1
 * @returns milliseconds since 1970, or `NEVER_AGAIN` once the mail would be three days old
 */
export const decideRetry = (
  mail: { readonly attempts: number; readonly createdAt: number },
  now: number,
  random: number,
): number => {
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** Math.min(mail.attempts, 20), LONGEST_DELAY_MS)
  const nextAttemptAt = Math.round(now + delayMs * (1 - random / 4))
  return nextAttemptAt - mail.createdAt > GIVE_UP_AFTER_MS ? NEVER_AGAIN : nextAttemptAt
}
