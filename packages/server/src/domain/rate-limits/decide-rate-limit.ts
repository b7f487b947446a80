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
  const startOf = (time: number) => (aligned ? time - (time % windowMs) : time)
  if (!window || window.startedAt > now + MAX_SKEW_MS) return { startedAt: startOf(now), used: 0 }
  const startedAt = startOf(window.startedAt)
  return now < startedAt + windowMs ? { startedAt, used: window.used } : { startedAt: startOf(now), used: 0 }
}

/** A bucket never lacks more than it holds: one that was made smaller is empty at worst. */
const runningBucket = (
  max: number,
  { amount, intervalMs }: NonNullable<RateLimitRule['refill']>,
  window: RateLimitWindow | undefined,
  now: number,
): RateLimitWindow => {
  if (!window || window.startedAt > now + MAX_SKEW_MS) return { startedAt: now, used: 0 }
  const refills = Math.max(0, Math.floor((now - window.startedAt) / intervalMs))
  const used = Math.max(0, Math.min(window.used, max) - refills * amount)
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
  const running = refill ? runningBucket(max, refill, window, now) : runningWindow(rule, window, now)
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

/** A window with its end, as it is stored. */
export interface EndingWindow extends RateLimitWindow {
  readonly endsAt: number
}

/**
 * Decides requests of one subject that came together, in their order: the first ones pass, as many as there is room for.
 * Pure.
 * @param rules of each request the one that it came under
 * @param window the latest one, or undefined before the first request
 * @returns a verdict for each, and the window after all of them
 */
export const decideRateLimits = (
  rules: readonly RateLimitRule[],
  window: RateLimitWindow | undefined,
  now: number,
): { readonly verdicts: readonly RateLimitVerdict[]; readonly window: EndingWindow } => {
  let after: EndingWindow = { startedAt: now, used: 0, ...window, endsAt: now }
  const verdicts = rules.map(rule => {
    const decision = decideRateLimit(rule, after, now, 1)
    after = { ...decision.window, endsAt: endOfWindow(rule, decision.window) }
    return decision.verdict
  })
  return { verdicts, window: after }
}

/**
 * Of two subjects that are one from `now` on, what was used, counted as if they had been one from the start. Pure.
 * @param windows the latest one of each; undefined: it used nothing
 */
export const joinWindows = (
  rule: RateLimitRule,
  windows: readonly [RateLimitWindow | undefined, RateLimitWindow | undefined],
  now: number,
): EndingWindow => {
  const running = windows.map(window => decideRateLimit(rule, window, now, 0).window)
  const joined = {
    startedAt: Math.min(...running.map(({ startedAt }) => startedAt)),
    used: running.reduce((sum, { used }) => sum + used, 0),
  }
  return { ...joined, endsAt: endOfWindow(rule, joined) }
}

/** When a window, or a bucket that nothing more is taken from, is as if it had never been. */
export const endOfWindow = ({ max, windowMs, refill }: RateLimitRule, window: RateLimitWindow): number =>
  window.startedAt +
  (refill ? Math.ceil(Math.min(window.used, max) / refill.amount) * refill.intervalMs : windowMs)
