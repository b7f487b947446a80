import type { FieldType, FilterOperator } from '@snoop/sdk/contract'

const ORDERED: readonly FieldType[] = ['string', 'text', 'number', 'datetime']
const TEXTUAL: readonly FieldType[] = ['string', 'text']
const COMPARED: readonly FieldType[] = [...ORDERED, 'boolean', 'uuid', 'enum']
const ANY: readonly FieldType[] = [...COMPARED, 'json']

/** Types of the fields that an operator compares. */
export const OPERATOR_TYPES: Readonly<Record<FilterOperator, readonly FieldType[]>> = {
  eq: COMPARED,
  neq: COMPARED,
  gt: ORDERED,
  gte: ORDERED,
  lt: ORDERED,
  lte: ORDERED,
  in: COMPARED,
  nin: COMPARED,
  is_null: ANY,
  is_not_null: ANY,
  like: TEXTUAL,
  ilike: TEXTUAL,
}
