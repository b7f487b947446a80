// A quoted text or name is kept as it is: a question mark in it is no parameter.
const QUOTED_OR_PARAMETER = /'[^']*'|"[^"]*"|\?/g

/** Writes PostgreSQL's `$1`, `$2`, … for each `?` of a statement. */
export function numberParameters(sql: string): string {
  let count = 0
  return sql.replace(QUOTED_OR_PARAMETER, found => {
    if (found !== '?') return found
    count += 1
    return `$${count}`
  })
}
