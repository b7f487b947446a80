const DAY = 24 * 3600

/** Each unit, how many seconds it has, and from how many seconds on it is used: `90 days` says more than `3 months`. */
const UNITS = [
  ['year', 365 * DAY, 2 * 365 * DAY],
  ['month', 30 * DAY, 120 * DAY],
  ['day', DAY, DAY],
  ['hour', 3600, 3600],
  ['minute', 60, 60],
] as const

const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/**
 * A time as a person says it: `in 3 days`, `2 hours ago`, `just now`.
 * @param isoTime null is `never`
 */
export const relativeTime = (isoTime: string | null, nowMs: number): string => {
  if (isoTime === null) return 'never'
  const seconds = Math.round((Date.parse(isoTime) - nowMs) / 1000)
  if (Number.isNaN(seconds)) return isoTime
  const unit = UNITS.find(([, , from]) => Math.abs(seconds) >= from)
  if (unit === undefined) return seconds > 0 ? 'in a moment' : 'just now'
  return format.format(Math.round(seconds / unit[1]), unit[0])
}
