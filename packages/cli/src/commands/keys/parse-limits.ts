import { usageError } from '../../cli-error'
import { parseDuration } from '../../duration'

/** What the API calls the limits of a key. */
export interface LimitInput {
  readonly rateLimitEnabled?: boolean
  readonly rateLimitMax?: number
  readonly rateLimitTimeWindow?: number
  readonly refillAmount?: number | null
  readonly refillInterval?: number | null
}

/** A number and a length of time such as `100/1m`. */
const parseRate = (text: string, flag: string): readonly [count: number, ms: number] => {
  const [, digits = '', time = ''] = /^([1-9]\d{0,7})\/(.+)$/.exec(text.trim()) ?? []
  if (digits === '') throw usageError(`${flag} takes a number and a length of time such as 100/1m.`)
  return [Number(digits), parseDuration(time, flag) * 1000]
}

const readRate = (rate: string | undefined): LimitInput => {
  if (rate === undefined) return {}
  if (rate === 'off') return { rateLimitEnabled: false }
  const [rateLimitMax, rateLimitTimeWindow] = parseRate(rate, '--rate')
  return { rateLimitEnabled: true, rateLimitMax, rateLimitTimeWindow }
}

const readRefill = (refill: string | undefined): LimitInput => {
  if (refill === undefined) return {}
  if (refill === 'off') return { refillAmount: null, refillInterval: null }
  const [refillAmount, refillInterval] = parseRate(refill, '--refill')
  return { refillAmount, refillInterval }
}

/**
 * Limits from `--rate 100/1m` and `--refill 10/10s`, or `off`.
 * @throws CliError (exit 2)
 */
export const parseLimits = (rate: string | undefined, refill: string | undefined): LimitInput => ({
  ...readRate(rate),
  ...readRefill(refill),
})
