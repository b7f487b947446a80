import type { CallOptions, ClientOptions } from './client-types'

/** The numbers that a call goes by, with nothing left open. */
export interface CallSettings {
  readonly timeoutMs: number
  readonly totalTimeoutMs: number
  readonly maxRetries: number
  readonly maxRetryAfterMs: number
}

const defaultSettings: CallSettings = {
  timeoutMs: 30_000,
  totalTimeoutMs: 60_000,
  maxRetries: 2,
  maxRetryAfterMs: 60_000,
}

/** The longest that Node's timers can wait; beyond it they fire at once. */
const maxTimerMs = 2 ** 31 - 1

const inRange = (name: string, value: number, min: number): number => {
  if (typeof value === 'number' && value >= min && value <= maxTimerMs) return value
  throw new TypeError(`\`${name}\` must be a number from ${min} to ${maxTimerMs}`)
}

/** @throws TypeError naming an option that is not a usable number */
export const readCallSettings = (
  options: Pick<CallOptions, 'timeoutMs' | 'totalTimeoutMs' | 'retry'>,
  base: CallSettings = defaultSettings,
): CallSettings => ({
  timeoutMs: inRange('timeoutMs', options.timeoutMs ?? base.timeoutMs, 1),
  totalTimeoutMs: inRange('totalTimeoutMs', options.totalTimeoutMs ?? base.totalTimeoutMs, 1),
  maxRetries: inRange('retry.attempts', options.retry?.attempts ?? base.maxRetries, 0),
  maxRetryAfterMs: inRange(
    'retry.maxRetryAfterMs',
    options.retry?.maxRetryAfterMs ?? base.maxRetryAfterMs,
    0,
  ),
})

/** @throws TypeError saying what an origin looks like; a password in the URL is not repeated */
export const readOrigin = (baseUrl: ClientOptions['baseUrl']): URL => {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError('`baseUrl` must be an http or https URL, such as https://auth.example.com')
  }
  if (url.username !== '' || url.password !== '')
    throw new TypeError('`baseUrl` must not hold a user or password')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new TypeError(`\`baseUrl\` must be an origin without path or query: ${url.origin}`)
  }
  return url
}

/**
 * A value that can stand in a header: visible ASCII and spaces.
 * @throws TypeError naming the option; never quotes the value
 */
export const readHeaderText = (optionName: string, value: string): string => {
  if (typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value
  throw new TypeError(`\`${optionName}\` must be visible ASCII text`)
}
