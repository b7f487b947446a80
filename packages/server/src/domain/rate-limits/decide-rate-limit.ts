/** At most `max` in each window of `windowMs` milliseconds. */
export interface RateLimitRule {
  readonly max: number
  readonly windowMs: number
}

/** A window that has begun. */
export interface RateLimitWindow {
  readonly startedAt: number
  readonly used: number
}

export interface RateLimitVerdict {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Seconds until the window ends, at least 1. */
  readonly resetSeconds: number
}

/**
 * Fixed windows, each begun by its first request. A refused request uses nothing up.
 * @param window the latest one, or undefined before the first request
 * @param cost how many to take; 0 only looks
 */
export const decideRateLimit = (
  rule: RateLimitRule,
  window: RateLimitWindow | undefined,
  now: number,
  cost: 0 | 1,
): { readonly verdict: RateLimitVerdict; readonly window: RateLimitWindow } => {
  // A window that begins in the future is of a clock that was set back since.
  const isRunning = window && window.startedAt <= now && now < window.startedAt + rule.windowMs
  const running = isRunning ? window : { startedAt: now, used: 0 }
  const allowed = running.used + cost <= rule.max
  const used = allowed ? running.used + cost : running.used
  return {
    window: { startedAt: running.startedAt, used },
    verdict: {
      allowed,
      limit: rule.max,
      remaining: Math.max(0, rule.max - used),
      resetSeconds: Math.max(1, Math.ceil((running.startedAt + rule.windowMs - now) / 1000)),
    },
  }
}
