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

const MAX_COUNT = 10_000_000
const MAX_SECONDS = 365 * 24 * 3600

/** A number and a length of time such as `100/1m`; `100/m` is the same. */
const parseRate = (text: string, flag: string): readonly [count: number, ms: number] => {
  const [, digits = '', time = ''] = /^(\d{1,9})\/(.+)$/.exec(text.trim()) ?? []
  if (digits === '') throw usageError(`${flag} takes a number and a length of time such as 100/1m, or off.`)
  const count = Number(digits)
  const seconds = parseDuration(/^[a-z]$/.test(time) ? `1${time}` : time, flag)
  if (count < 1 || count > MAX_COUNT) throw usageError(`${flag} takes a number from 1 to ${MAX_COUNT}.`)
  if (seconds < 1 || seconds > MAX_SECONDS)
    throw usageError(`${flag} takes a length of time from 1s to 365d.`)
  return [count, seconds * 1000]
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
  // Else it would count for nothing on a key whose limit was off.
  return { rateLimitEnabled: true, refillAmount, refillInterval }
}

/**
 * Limits from `--rate 100/1m` and `--refill 10/10s`, or `off`.
 * @throws CliError (exit 2)
 */
export const parseLimits = (rate: string | undefined, refill: string | undefined): LimitInput => {
  if (rate === 'off' && refill !== undefined && refill !== 'off')
    throw usageError('--rate off and --refill exclude one another: without a limit nothing comes back.')
  return { ...readRate(rate), ...readRefill(refill) }
}
