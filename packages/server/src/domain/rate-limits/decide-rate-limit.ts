/**
 * At most `max` in each window of `windowMs` milliseconds. `aligned`: windows begin at the multiples of their length, as
 * calendar minutes do, instead of with their first request. `refill`: instead of windows a bucket of `max`, into which
 * `amount` come back every `intervalMs` milliseconds.
 */
export interface RateLimitRule {
  readonly max: number
  readonly windowMs: number
  readonly aligned?: true
  readonly refill?: { readonly amount: number; readonly intervalMs: number }
}

/** A window that has begun; of a bucket, how many are missing and when the last ones came back. */
export interface RateLimitWindow {
  readonly startedAt: number
  readonly used: number
}

export interface RateLimitVerdict {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Seconds until the window ends, or until more comes back into the bucket; at least 1. */
  readonly resetSeconds: number
  /** The same as a time, in milliseconds since 1970. */
  readonly resetAt: number
}

/** Clocks of machines that share a database differ; a window that begins further ahead is of a clock set back since. */
const MAX_SKEW_MS = 2_000

/** What of `window` still counts at `now`. */
const runningWindow = (
  { windowMs, aligned }: RateLimitRule,
  window: RateLimitWindow | undefined,
  now: number,
): RateLimitWindow => {
  const isRunning = window && window.startedAt <= now + MAX_SKEW_MS && now < window.startedAt + windowMs
  if (isRunning) return window
  return { startedAt: aligned ? now - (now % windowMs) : now, used: 0 }
}

const runningBucket = (
  { amount, intervalMs }: NonNullable<RateLimitRule['refill']>,
  window: RateLimitWindow | undefined,
  now: number,
): RateLimitWindow => {
  if (!window || window.used === 0 || window.startedAt > now + MAX_SKEW_MS) return { startedAt: now, used: 0 }
  const refills = Math.max(0, Math.floor((now - window.startedAt) / intervalMs))
  const used = Math.max(0, window.used - refills * amount)
  return used === 0 ? { startedAt: now, used } : { startedAt: window.startedAt + refills * intervalMs, used }
}

/**
 * Fixed windows, each begun by its first request, or a bucket that is refilled. A refused request uses nothing up. Pure.
 * @param window the latest one, or undefined before the first request
 * @param cost how many to take; 0 only looks
 */
export const decideRateLimit = (
  rule: RateLimitRule,
  window: RateLimitWindow | undefined,
  now: number,
  cost: 0 | 1,
): { readonly verdict: RateLimitVerdict; readonly window: RateLimitWindow } => {
  const { max, windowMs, refill } = rule
  const running = refill ? runningBucket(refill, window, now) : runningWindow(rule, window, now)
  const allowed = running.used + cost <= max
  const used = allowed ? running.used + cost : running.used
  const resetAt = running.startedAt + (refill ? refill.intervalMs : windowMs)
  return {
    window: { startedAt: running.startedAt, used },
    verdict: {
      allowed,
      limit: max,
      remaining: Math.max(0, max - used),
      resetSeconds: Math.max(1, Math.ceil((resetAt - now) / 1000)),
      resetAt,
    },
  }
}

/** When a window, or a bucket that nothing more is taken from, is as if it had never been. */
export const endOfWindow = ({ max, windowMs, refill }: RateLimitRule, window: RateLimitWindow): number =>
  window.startedAt +
  (refill ? Math.ceil(Math.min(window.used, max) / refill.amount) * refill.intervalMs : windowMs)
