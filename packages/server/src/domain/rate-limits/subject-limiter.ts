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
  /**
   * Moves what `subject` used of its window to `heir`, besides what that used of its own; doing it again moves nothing more.
   * @param rule that both go by
   */
  handOver(subject: string, heir: string, rule: RateLimitRule): Promise<void> | void
}
