/**
 * Milliseconds since 1970 as entries and checkpoints say it. A number that is no time, which somebody wrote into the
 * database, stays what it is: the entry must be found by its hash, not hide behind an error.
 */
export const auditTime = (ms: number): string => {
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString()
}
