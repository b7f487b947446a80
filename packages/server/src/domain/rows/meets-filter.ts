import { MAX_MATCHED_CHARACTERS, type PatternPart, readLikePattern } from '../../storage/like-pattern'
import type { FilterValue, RowComparison, RowFilter, ValueKind } from '../../storage/row-filter'
import { type Row, valueIn } from './row'

/** A stored value of another kind counts as none, as it does in the database. */
const fits = (kind: ValueKind, value: unknown): value is FilterValue =>
  kind === 'json' ? value !== null : typeof value === (kind === 'text' ? 'string' : kind)

/** Below 0, 0 or above: texts by code point, as UTF-8 has them in order. */
const order = (left: FilterValue, right: FilterValue): number => {
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return Number(left) - Number(right)
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, letter => letter.toLowerCase())

/** Goes back to the last `many` alone, so that its time is at most the product of both lengths. */
const matches = (characters: readonly string[], parts: readonly PatternPart[]): boolean => {
  let at = 0
  let part = 0
  let retry: { at: number; part: number } | undefined
  while (at < characters.length) {
    const wanted = parts[part]
    if (wanted === 'many') {
      part++
      retry = { at, part }
    } else if (wanted !== undefined && (wanted === 'one' || wanted.literal === characters[at])) {
      at++
      part++
    } else if (retry) {
      retry.at++
      at = retry.at
      part = retry.part
    } else return false
  }
  return parts.slice(part).every(rest => rest === 'many')
}

/** No character takes more than two units. */
const beginningOf = (text: string): string => text.slice(0, 2 * MAX_MATCHED_CHARACTERS)

const isLike = (text: FilterValue, op: 'like' | 'ilike', pattern: string): boolean => {
  const inCase = op === 'like' ? (value: string) => value : lowerAscii
  const parts = readLikePattern(inCase(pattern))
  const characters = [...inCase(beginningOf(String(text)))].slice(0, MAX_MATCHED_CHARACTERS)
  return parts !== undefined && matches(characters, parts)
}

const compares = (value: FilterValue | null, comparison: RowComparison): boolean => {
  switch (comparison.op) {
    case 'is_null':
      return value === null
    case 'is_not_null':
      return value !== null
    case 'neq':
      return value !== comparison.value
    case 'nin':
      return value === null || !comparison.values.includes(value)
  }
  if (value === null) return false
  switch (comparison.op) {
    case 'eq':
      return value === comparison.value
    case 'in':
      return comparison.values.includes(value)
    case 'like':
    case 'ilike':
      return isLike(value, comparison.op, comparison.pattern)
    case 'gt':
      return order(value, comparison.value) > 0
    case 'gte':
      return order(value, comparison.value) >= 0
    case 'lt':
      return order(value, comparison.value) < 0
    case 'lte':
      return order(value, comparison.value) <= 0
  }
}

/** The last answer of each comparison: rules repeat their conditions, and a row is asked about more than once. */
const lastAnswers = new WeakMap<RowComparison, { readonly value: unknown; readonly answer: boolean }>()

const answerTo = (value: unknown, comparison: RowComparison): boolean => {
  const last = lastAnswers.get(comparison)
  if (last && last.value === value) return last.answer
  const answer = compares(fits(comparison.kind, value) ? value : null, comparison)
  lastAnswers.set(comparison, { value, answer })
  return answer
}

/**
 * Whether a row is one of those that a filter means: the same answer as the database gives. Pure; a comparison that comes
 * again, as the same object, for the same value costs nothing.
 */
export const meetsFilter = (row: Row, filter: RowFilter): boolean => {
  if ('all' in filter) return filter.all.every(part => meetsFilter(row, part))
  if ('any' in filter) return filter.any.some(part => meetsFilter(row, part))
  return answerTo(valueIn(row, filter.field), filter)
}
