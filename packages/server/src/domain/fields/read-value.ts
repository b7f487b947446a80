import type { FieldShape } from './field-shape'
import { valueProblem } from './value-problem'

/** A value as it is kept, or what is wrong with it. */
export type ReadValue = { readonly value: unknown } | { readonly problem: string }

const MAX_STRING_CHARACTERS = 10_000
const MAX_TEXT_BYTES = 1024 * 1024
const MAX_JSON_BYTES = 1024 * 1024
const MAX_JSON_DEPTH = 32

const DATE = /^\d{4}-\d\d-\d\d$/
const DATE_PARTS = /^\d{4}-(\d\d)-(\d\d)/

/** PostgreSQL keeps neither NUL nor half a surrogate pair, in text or in JSON. */
export const textProblem = (text: string): string | undefined => {
  if (text.includes('\0')) return 'Must not contain the character NUL'
  return /\p{Surrogate}/u.test(text) ? 'Must be valid Unicode: half of a surrogate pair is in it' : undefined
}

const readText = (text: string, maxCharacters: number, maxBytes: number): ReadValue => {
  const problem = textProblem(text)
  if (problem !== undefined) return { problem }
  if (text.length > maxCharacters) return { problem: `Must be at most ${maxCharacters} characters` }
  return Buffer.byteLength(text) > maxBytes
    ? { problem: `Must be at most ${maxBytes} bytes` }
    : { value: text }
}

const jsonProblem = (value: unknown, depth: number): string | undefined => {
  if (typeof value === 'string') return textProblem(value)
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'Holds a number that is too large'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > MAX_JSON_DEPTH) return `Must be nested at most ${MAX_JSON_DEPTH} levels deep`
  for (const [key, part] of Object.entries(value)) {
    const problem = textProblem(key) ?? jsonProblem(part, depth + 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

const readJson = (value: unknown): ReadValue => {
  const problem = jsonProblem(value, 1)
  if (problem !== undefined) return { problem }
  return Buffer.byteLength(JSON.stringify(value)) > MAX_JSON_BYTES
    ? { problem: `Must be at most ${MAX_JSON_BYTES} bytes` }
    : { value }
}

/** `Date` takes the 30th of February for the 2nd of March. */
const isInCalendar = (text: string): boolean => {
  const [, month, day] = DATE_PARTS.exec(text) ?? []
  const year = Number(text.slice(0, 4))
  const leapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 2000 : 2001
  return Number(day) <= new Date(Date.UTC(leapYear, Number(month), 0)).getUTCDate()
}

const DATETIME_PROBLEM =
  'Must be a time with its zone such as 2026-01-31T12:00:00Z (in a query `+` is written %2B), or a date such as 2026-01-31'

/** Kept in UTC with milliseconds and four digits of the year, so that times compare as texts do. */
const readDatetime = (text: string): ReadValue => {
  const written = DATE.test(text) ? `${text}T00:00:00Z` : text.toUpperCase()
  if (valueProblem({ type: 'datetime' }, written) !== undefined || !isInCalendar(written))
    return { problem: DATETIME_PROBLEM }
  const iso = new Date(written).toISOString()
  return /^\d{4}-/.test(iso) ? { value: iso } : { problem: DATETIME_PROBLEM }
}

/** Checks a value (not null) for a field and gives it the one form in which it is kept and compared. Pure. */
export const readValue = (field: FieldShape, value: unknown): ReadValue => {
  if (field.type === 'datetime' && typeof value === 'string') return readDatetime(value)
  const problem = valueProblem(field, value)
  if (problem !== undefined) return { problem }
  if (field.type === 'json') return readJson(value)
  // Zero has two forms, and JSON one.
  if (typeof value === 'number') return { value: value === 0 ? 0 : value }
  if (typeof value !== 'string') return { value }
  if (field.type === 'uuid') return { value: value.toLowerCase() }
  return field.type === 'text'
    ? readText(value, Number.POSITIVE_INFINITY, MAX_TEXT_BYTES)
    : readText(value, MAX_STRING_CHARACTERS, Number.POSITIVE_INFINITY)
}
