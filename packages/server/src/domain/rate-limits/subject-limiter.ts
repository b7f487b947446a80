import type { RateLimitRule, RateLimitVerdict } from './decide-rate-limit'

/**
 * Counts requests of subjects (keys, users, organizations) exactly, however many of them come at once and over however many
 * processes that share a database. Answers at once while this process is the only one that counts.
 */
export interface SubjectLimiter {
  /** Counts one request of `subject`, if it is allowed. */
  take(subject: string, rule: RateLimitRule): Promise<RateLimitVerdict> | RateLimitVerdict
  /** What `take` would find, counting nothing. */
  peek(subject: string, rule: RateLimitRule): Promise<RateLimitVerdict> | RateLimitVerdict
  /** Lets `heir` go on in the window that `subject` is in. */
  handOver(subject: string, heir: string): Promise<void> | void
}
