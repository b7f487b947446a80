/** How guesses in a row at one secret slow down. */
export interface GuessPolicy {
  /** Guesses that are taken without a wait. */
  readonly free: number
  /** Milliseconds until the next guess after the last free one, and so on; the last entry stays. */
  readonly delaysMs: readonly number[]
  /** After so many in a row no more are taken until something else proves who it is. */
  readonly last: number
  /** What that can be, for people. */
  readonly wayOut: string
}

/** Guesses at one secret since it was proved last. */
export interface GuessCount {
  readonly attempts: number
  /** Milliseconds since 1970. */
  readonly blocked_until: number
}

export type GuessVerdict =
  | { readonly outcome: 'taken'; readonly count: GuessCount }
  | { readonly outcome: 'wait'; readonly retryAfterSeconds: number }
  | { readonly outcome: 'blocked' }

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Five free, then slower; from the tenth on a lock; NIST 800-63B 5.2.2: a hundred in a row at most. */
export const PASSWORD_POLICY: GuessPolicy = {
  free: 5,
  delaysMs: [2, 4, 8, 16, 32].map(n => n * SECOND).concat([15, 30, 60].map(n => n * MINUTE)),
  last: 100,
  wayOut: 'Reset the password, or use another way to sign in.',
}

/** Codes are short: after five the wait is a minute and doubles to an hour. */
export const CODE_POLICY: GuessPolicy = {
  free: 5,
  delaysMs: [1, 2, 4, 8, 15, 30, 60].map(n => n * MINUTE),
  last: 100,
  wayOut: 'Sign in with a passkey, or ask whoever runs this server.',
}

/** Whether one more guess is taken now; it counts before it is known to be right or wrong. Pure. */
export const decideGuess = (policy: GuessPolicy, count: GuessCount, now: number): GuessVerdict => {
  if (count.attempts >= policy.last) return { outcome: 'blocked' }
  if (now < count.blocked_until) {
    return { outcome: 'wait', retryAfterSeconds: Math.ceil((count.blocked_until - now) / SECOND) }
  }
  const attempts = count.attempts + 1
  const step = Math.min(attempts - policy.free, policy.delaysMs.length - 1)
  const delayMs = step < 0 ? undefined : policy.delaysMs[step]
  // A free guess blocks nothing: of two at the same moment the one counted later may have looked at the clock earlier.
  const blocked_until = delayMs === undefined ? count.blocked_until : now + delayMs
  return { outcome: 'taken', count: { attempts, blocked_until } }
}
