import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import { invalidField } from '../domain-error'
import type { RateLimitRule } from '../rate-limits/decide-rate-limit'

/**
 * What a caller may say about limits. Left out: as it is, or the default. Null takes the refill away.
 * Times are in milliseconds.
 */
export interface RateLimitChange {
  readonly rateLimitEnabled?: boolean | undefined
  readonly rateLimitMax?: number | undefined
  readonly rateLimitTimeWindow?: number | undefined
  readonly refillInterval?: number | null | undefined
  readonly refillAmount?: number | null | undefined
}

/** The columns that hold the limit of a key. */
export type KeyLimits = Pick<
  ApiKeyRow,
  'rate_limit_enabled' | 'rate_limit_max' | 'rate_limit_window_ms' | 'refill_interval_ms' | 'refill_amount'
>

/** For keys that are given no limit of their own while keys are unlimited by default. */
const DORMANT_RULE: RateLimitRule = { max: 200, windowMs: 60_000 }

/** The limits of a new key. @param fallback what is left out is taken from; null: no limit */
export const newLimits = (change: RateLimitChange, fallback: RateLimitRule | null): KeyLimits => {
  const { max, windowMs, refill } = fallback ?? DORMANT_RULE
  const { rateLimitMax = max, rateLimitTimeWindow = windowMs } = change
  const { refillInterval = refill?.intervalMs ?? null } = change
  // A smaller bucket than the one that this is taken from may hold less than comes back at once there.
  const { refillAmount = refill ? Math.min(refill.amount, rateLimitMax) : null } = change
  const asksForLimit =
    change.rateLimitMax !== undefined ||
    change.rateLimitTimeWindow !== undefined ||
    typeof change.refillAmount === 'number'
  return {
    rate_limit_enabled: (change.rateLimitEnabled ?? (asksForLimit || fallback !== null)) ? 1 : 0,
    rate_limit_max: rateLimitMax,
    rate_limit_window_ms: rateLimitTimeWindow,
    refill_interval_ms: refillInterval,
    refill_amount: refillAmount,
  }
}

/** The columns that a change touches. */
export const changedLimits = (change: RateLimitChange): Partial<KeyLimits> => ({
  ...(change.rateLimitEnabled !== undefined && { rate_limit_enabled: change.rateLimitEnabled ? 1 : 0 }),
  ...(change.rateLimitMax !== undefined && { rate_limit_max: change.rateLimitMax }),
  ...(change.rateLimitTimeWindow !== undefined && { rate_limit_window_ms: change.rateLimitTimeWindow }),
  ...(change.refillInterval !== undefined && { refill_interval_ms: change.refillInterval }),
  ...(change.refillAmount !== undefined && { refill_amount: change.refillAmount }),
})

/**
 * That a key as it is to be has a whole refill or none, and not more of it than its bucket holds.
 * @throws DomainError VALIDATION_ERROR, field `refillInterval` or `refillAmount`
 */
export const assertWholeRefill = ({
  rate_limit_max: max,
  refill_interval_ms: interval,
  refill_amount: amount,
}: KeyLimits): void => {
  if ((interval === null) !== (amount === null)) {
    throw invalidField(
      interval === null ? 'refillInterval' : 'refillAmount',
      'refillInterval and refillAmount go together: give both, or null for both',
    )
  }
  if (amount !== null && amount > max)
    throw invalidField('refillAmount', `Must be at most rateLimitMax, which is ${max} for this key`)
}
