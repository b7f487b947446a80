import type { FieldType, FilterOperator } from '@snoop/sdk/contract'
import { readLikePattern } from '../../storage/like-pattern'
import type { FilterValue, RowComparison, ValueKind } from '../../storage/row-filter'
import type { FieldShape } from './field-shape'
import { readValue, textProblem } from './read-value'

/** A field that can be compared, of the resource or of every row. */
export type ComparedField = FieldShape & { readonly name: string }

export type Compared = { readonly comparison: RowComparison } | { readonly problem: string }

/** The time that a pattern takes is at most its length times that of the text. */
const MAX_PATTERN_CHARACTERS = 100
const MAX_LIST_VALUES = 100

const KINDS: Readonly<Record<FieldType, ValueKind>> = {
  string: 'text',
  text: 'text',
  uuid: 'text',
  enum: 'text',
  datetime: 'text',
  number: 'number',
  boolean: 'boolean',
  json: 'json',
}

/** These are kept as numbers, whereas times of resources are kept as texts. */
const isOwnTime = (name: string): boolean => name === 'created_at' || name === 'updated_at'

export const kindOf = ({ name, type }: ComparedField): ValueKind => (isOwnTime(name) ? 'number' : KINDS[type])

const readCompared = (field: ComparedField, value: unknown): { value: FilterValue } | { problem: string } => {
  const read = readValue(field, value)
  if ('problem' in read) return read
  return { value: isOwnTime(field.name) ? Date.parse(String(read.value)) : (read.value as FilterValue) }
}

const comparePattern = (
  compared: { readonly field: string; readonly kind: ValueKind },
  op: 'like' | 'ilike',
  pattern: unknown,
): Compared => {
  if (typeof pattern !== 'string') return { problem: 'Must be a pattern' }
  const problem = textProblem(pattern)
  if (problem !== undefined) return { problem }
  if (pattern.length > MAX_PATTERN_CHARACTERS)
    return { problem: `A pattern must be at most ${MAX_PATTERN_CHARACTERS} characters` }
  return readLikePattern(pattern)
    ? { comparison: { ...compared, op, pattern } }
    : { problem: 'A pattern must not end in a single \\: write \\\\ for one that is meant' }
}

const compareList = (
  field: ComparedField,
  compared: { readonly field: string; readonly kind: ValueKind },
  op: 'in' | 'nin',
  list: unknown,
): Compared => {
  if (!Array.isArray(list)) return { problem: 'Must be a list' }
  if (list.length > MAX_LIST_VALUES) return { problem: `Must be at most ${MAX_LIST_VALUES} values` }
  const values: FilterValue[] = []
  for (const item of list) {
    const read = readCompared(field, item)
    if ('problem' in read) return read
    values.push(read.value)
  }
  return { comparison: { ...compared, op, values } }
}

/**
 * A comparison of a field with a value of its type.
 * @param op one that there is for the type
 * @param value a list for `in` and `nin`
 */
export const compareField = (field: ComparedField, op: FilterOperator, value: unknown): Compared => {
  const compared = { field: field.name, kind: kindOf(field) }
  switch (op) {
    case 'is_null':
    case 'is_not_null':
      return { comparison: { ...compared, op } }
    case 'like':
    case 'ilike':
      return comparePattern(compared, op, value)
    case 'in':
    case 'nin':
      return compareList(field, compared, op, value)
    default: {
      const read = readCompared(field, value)
      return 'problem' in read ? read : { comparison: { ...compared, op, value: read.value } }
    }
  }
}
