const UNITS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const

const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/**
 * A time as a person says it: `in 3 days`, `2 hours ago`, `just now`. Rounded towards now, so that it never promises
 * more than there is.
 * @param isoTime null is `never`
 */
export const relativeTime = (isoTime: string | null, nowMs: number): string => {
  if (isoTime === null) return 'never'
  const seconds = (Date.parse(isoTime) - nowMs) / 1000
  if (Number.isNaN(seconds)) return isoTime
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size)
  if (unit === undefined) return seconds > 0 ? 'in a moment' : 'just now'
  return format.format(Math.trunc(seconds / unit[1]), unit[0])
}
