import type { Claim, Resource, RuleCondition } from '@snoop/sdk/contract'
import type { FilterValue, RowFilter } from '../../storage/row-filter'
import { compareField } from '../fields/compare-field'
import { fieldShape } from '../fields/field-shape'

/** A condition of a rule as it is for the caller, who stands where it has a claim. */
export interface RowCondition {
  readonly field: string
  readonly filter: RowFilter
  /** The value that meets it, if a claim says so of a field of the resource. */
  readonly fill: FilterValue | undefined
}

/** What conditions can compare with, of one caller. */
export type Claims = Readonly<Record<Claim, string>>

/** A definition that changed can leave a condition that means nothing any more: then no row meets it. */
const NO_ROW: RowFilter = { any: [] }

/** A condition of a rule of a resource for the caller who has these claims. Pure. */
export const resolveCondition = (
  resource: Resource,
  condition: RuleCondition,
  claims: Claims,
): RowCondition => {
  const { field, op, claim } = condition
  const shape = fieldShape(resource.fields, field)
  const value = claim === undefined ? condition.value : claims[claim]
  const compared = shape && compareField({ ...shape, name: field }, op, value)
  if (!compared || 'problem' in compared) return { field, filter: NO_ROW, fill: undefined }
  const filter = compared.comparison
  const isFilled = claim !== undefined && resource.fields.some(({ name }) => name === field)
  return { field, filter, fill: isFilled && filter.op === 'eq' ? filter.value : undefined }
}
