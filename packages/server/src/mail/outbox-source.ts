/** A mail that is due, as claimed by one worker. */
export interface ClaimedMail {
  readonly id: string
  readonly sealedMail: string
  /** How often it was tried before. */
  readonly attempts: number
  readonly createdAt: number
}

/** The `next_attempt_at` of a mail that was given up. */
export const NEVER_AGAIN = Number.MAX_SAFE_INTEGER

/** The outbox as the worker sees it. Times are milliseconds since 1970. */
export interface OutboxSource {
  /**
   * Takes up to `limit` unsent mails whose time has come, oldest first, and in the same guarded statement sets their
   * `next_attempt_at` to `now + leaseMs`: no two workers hold one mail at once, and one whose worker died is free
   * again after the lease.
   */
  claimDue(now: number, limit: number, leaseMs: number): Promise<readonly ClaimedMail[]>
  /** Keeps a mail that is being sent until `until`, unless it is sent or put off until later already. */
  extendLease(id: string, until: number): Promise<void>
  /** Notes the time and empties the sealed text. */
  markSent(id: string, now: number): Promise<void>
  /**
   * Counts the attempt and keeps `error` (short, without secrets).
   * @param nextAttemptAt `NEVER_AGAIN`: given up; the row is kept
   */
  markFailed(id: string, nextAttemptAt: number, error: string): Promise<void>
}
