import { usageError } from './cli-error'

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 24 * 3600,
  w: 7 * 24 * 3600,
  y: 365 * 24 * 3600,
}

/**
 * Seconds in a length of time such as `90s`, `10m`, `12h`, `30d`, `2w` or `1y`.
 * @param flag named in the complaint
 * @throws CliError (exit 2)
 */
export const parseDuration = (text: string, flag: string): number => {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhdwy])$/.exec(text.trim()) ?? []
  const size = SECONDS[unit]
  if (size === undefined) throw usageError(`${flag} takes a length of time such as 10m, 12h or 30d.`)
  return Number(digits) * size
}
