import type { FilterOperator, RuleCondition } from '@snoop/sdk/contract'
import { compareField } from './compare-field'
import type { FieldShape } from './field-shape'
import { OPERATOR_TYPES } from './operator-types'

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
