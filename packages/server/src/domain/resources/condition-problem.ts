import {
  type FieldType,
  type FilterOperator,
  type ResourceField,
  ROW_FIELDS,
  type RuleCondition,
} from '@snoop/sdk/contract'
import { compareField } from '../rows/compare-field'

type FieldShape = Pick<ResourceField, 'type' | 'values'>

const ROW_FIELD_TYPES: Readonly<Record<(typeof ROW_FIELDS)[number], FieldType>> = {
  id: 'string',
  created_at: 'datetime',
  updated_at: 'datetime',
}

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

/** The shape of a field that every row or this resource has; undefined: there is none of the name. */
export const fieldShape = (fields: readonly ResourceField[], name: string): FieldShape | undefined => {
  const rowField = ROW_FIELDS.find(rowField => rowField === name)
  return rowField ? { type: ROW_FIELD_TYPES[rowField] } : fields.find(field => field.name === name)
}

const claimProblem = ({ type }: FieldShape, op: FilterOperator): string | undefined => {
  if (op !== 'eq' && op !== 'neq') return `A claim is compared by eq or neq, not by ${op}`
  return ['string', 'text', 'enum'].includes(type)
    ? undefined
    : `A claim is text, and fields of the type ${type} hold none`
}

const comparedProblem = (
  name: string,
  shape: FieldShape,
  { op, value, claim }: RuleCondition,
): string | undefined => {
  if (op === 'is_null' || op === 'is_not_null')
    return value === undefined && claim === undefined ? undefined : `${op} compares with nothing`
  if ((value === undefined) === (claim === undefined)) return `${op} needs either a value or a claim`
  if (claim !== undefined) return claimProblem(shape, op)
  if (value === null) return 'Compare with null by is_null or is_not_null'
  const compared = compareField({ ...shape, name }, op, value)
  return 'problem' in compared ? compared.problem : undefined
}

/** What is wrong with a condition on a field of this shape, or undefined. */
export const conditionProblem = (shape: FieldShape, condition: RuleCondition): string | undefined =>
  OPERATOR_TYPES[condition.op].includes(shape.type)
    ? comparedProblem(condition.field, shape, condition)
    : `Fields of the type ${shape.type} are not compared by ${condition.op}`
