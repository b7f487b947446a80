import {
  FILTER_OPERATORS,
  type FilterOperator,
  type Resource,
  type ResourceField,
  ROW_FIELDS,
} from '@snoop/sdk/contract'
import type { RowComparison, RowSort } from '../../storage/row-filter'
import { invalidField } from '../domain-error'
import { type ComparedField, compareField, kindOf } from '../fields/compare-field'
import { fieldShape } from '../fields/field-shape'
import { OPERATOR_TYPES } from '../fields/operator-types'

/** A comparison as a caller writes it, all of it text. */
export interface AskedCondition {
  /** What the caller knows it by: told in refusals. */
  readonly parameter: string
  readonly field: string
  readonly op: FilterOperator
  readonly text: string
}

export interface AskedSort {
  readonly parameter: string
  readonly field: string
  readonly isDescending: boolean
}

/** A page of rows as a caller asks for it. */
export interface AskedRows {
  readonly conditions: readonly AskedCondition[]
  /** None: newest first. */
  readonly sort: readonly AskedSort[]
  readonly limit: number
  readonly offset: number
}

const MAX_CONDITIONS = 50
const MAX_PATTERNS = 5
const MAX_SORTS = 10

const invalidQuery = (parameter: string, error: string) => invalidField(parameter, error, 'query')

const fieldNames = (fields: readonly ResourceField[]): string =>
  [...ROW_FIELDS, ...fields.map(({ name }) => name)].join(', ')

const findField = (
  resource: Resource,
  shown: readonly ResourceField[],
  parameter: string,
  name: string,
): ComparedField => {
  const shape = fieldShape(resource.fields, name)
  if (shape) return { ...shape, name }
  throw invalidQuery(
    parameter,
    `There is no field ${JSON.stringify(name)}; ${resource.name} has ${fieldNames(shown)}; the operators are ${FILTER_OPERATORS.join(', ')}`,
  )
}

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i

/** What text stands for where a value of this type is wanted; what stands for none stays text, and is refused for it. */
const fromText = ({ type }: ComparedField, text: string): unknown => {
  if (type === 'number') return NUMBER.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text)
  return text
}

const NULL_ANSWERS = { is_null: 'is_not_null', is_not_null: 'is_null' } as const

/** `field__is_null=false` asks for the opposite. */
const readNullTest = (
  field: ComparedField,
  { parameter, op, text }: AskedCondition & { readonly op: 'is_null' | 'is_not_null' },
): RowComparison => {
  if (!['', 'true', 'false'].includes(text)) throw invalidQuery(parameter, 'Must be true, false or nothing')
  return { field: field.name, kind: kindOf(field), op: text === 'false' ? NULL_ANSWERS[op] : op }
}

const isNullTest = (
  condition: AskedCondition,
): condition is AskedCondition & { readonly op: 'is_null' | 'is_not_null' } =>
  condition.op === 'is_null' || condition.op === 'is_not_null'

const readCondition = (
  resource: Resource,
  shown: readonly ResourceField[],
  condition: AskedCondition,
): RowComparison => {
  const { parameter, op, text } = condition
  const field = findField(resource, shown, parameter, condition.field)
  if (!OPERATOR_TYPES[op].includes(field.type)) {
    const operators = FILTER_OPERATORS.filter(known => OPERATOR_TYPES[known].includes(field.type))
    throw invalidQuery(
      parameter,
      `${field.name} is of the type ${field.type}, whose operators are ${operators.join(', ')}`,
    )
  }
  if (isNullTest(condition)) return readNullTest(field, condition)
  const isList = op === 'in' || op === 'nin'
  const value = isList ? text.split(',').map(item => fromText(field, item)) : fromText(field, text)
  const compared = compareField(field, op, value)
  if ('comparison' in compared) return compared.comparison
  throw invalidQuery(parameter, compared.problem)
}

/**
 * The comparisons that a caller asks for.
 * @param shown the fields that the caller may know of
 * @throws DomainError VALIDATION_ERROR that names the parameter and what there is
 */
export const readConditions = (
  resource: Resource,
  shown: readonly ResourceField[],
  conditions: readonly AskedCondition[],
): readonly RowComparison[] => {
  const tooMany = conditions[MAX_CONDITIONS]
  if (tooMany) throw invalidQuery(tooMany.parameter, `There can be at most ${MAX_CONDITIONS} filters`)
  const oneMorePattern = conditions.filter(({ op }) => op === 'like' || op === 'ilike')[MAX_PATTERNS]
  if (oneMorePattern)
    throw invalidQuery(oneMorePattern.parameter, `There can be at most ${MAX_PATTERNS} patterns`)
  return conditions.map(condition => readCondition(resource, shown, condition))
}

const isSortable = (resource: Resource, name: string): boolean =>
  ROW_FIELDS.some(own => own === name) ||
  resource.fields.some(({ name: known, sortable }) => known === name && sortable)

/**
 * The order that a caller asks for.
 * @param shown the fields that the caller may know of
 * @throws DomainError VALIDATION_ERROR that lists the fields to sort by
 */
export const readSort = (
  resource: Resource,
  shown: readonly ResourceField[],
  sort: readonly AskedSort[],
): readonly Omit<RowSort, 'where'>[] => {
  const tooMany = sort[MAX_SORTS]
  if (tooMany) throw invalidQuery(tooMany.parameter, `Must be at most ${MAX_SORTS} fields`)
  return sort.map(({ parameter, field: name, isDescending }) => {
    const shape = fieldShape(resource.fields, name)
    if (!shape || !isSortable(resource, name)) {
      const names = [...ROW_FIELDS, ...shown.map(field => field.name)]
      throw invalidQuery(
        parameter,
        `Rows of ${resource.name} are not sorted by ${JSON.stringify(name)}, but by ${names.filter(known => isSortable(resource, known)).join(', ')}`,
      )
    }
    return { field: name, kind: kindOf({ ...shape, name }), isDescending }
  })
}
