/** The same day and time so many months later, or the last day of that month if it has no such day. UTC. Pure. */
export const addMonths = (from: number, months: number): number => {
  const date = new Date(from)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return date.setUTCFullYear(year, month, Math.min(date.getUTCDate(), lastDay))
}
