import type { DomainError } from '../domain-error'
import { meetsFilter } from './meets-filter'
import type { Values } from './read-values'
import type { Row } from './row'
import type { RowAccess, RowGrant } from './row-access'
import { failsCheck, lacksRight } from './row-refusals'

/** Grants whose checks a row meets once it is written. */
const passing = (grants: readonly RowGrant[], row: Row): readonly RowGrant[] =>
  grants.filter(({ checks }) => checks.every(({ filter }) => meetsFilter(row, filter)))

/** Why a row may not be written like this, or undefined. */
const refusalOf = (
  { resource, action }: RowAccess,
  grants: readonly RowGrant[],
  row: Row,
  written: readonly string[],
): DomainError | undefined => {
  const kept = passing(grants, row)
  if (kept.length > 0) {
    const outside = written.filter(field => !kept.some(({ fields }) => fields.has(field)))
    return outside.length === 0 ? undefined : lacksRight(resource, action, outside)
  }
  const failed = grants.flatMap(({ checks }) => checks).find(({ filter }) => !meetsFilter(row, filter))
  return failed ? failsCheck(resource, action, failed.field) : lacksRight(resource, action)
}

/** Tries the grants in turn: each can give values to fields that the caller leaves out. The first refusal is the one told. */
const tryGrants = (
  access: RowAccess,
  grants: readonly RowGrant[],
  propose: (fills: Values) => { readonly row: Row; readonly written: readonly string[] },
): Row => {
  let refusal: DomainError | undefined
  for (const { checks } of grants) {
    const fills = new Map(checks.flatMap(({ field, fill }) => (fill === undefined ? [] : [[field, fill]])))
    const { row, written } = propose(fills)
    const refused = refusalOf(access, grants, row, written)
    if (!refused) return row
    refusal ??= refused
  }
  throw refusal ?? lacksRight(access.resource, access.action)
}

/**
 * The new row that a caller makes with these values. Pure.
 * @param blank without values
 * @throws DomainError INSUFFICIENT_PERMISSIONS that names a field that must not be given, or not this value
 */
export const decideCreation = (access: RowAccess, blank: Row, given: Values): Row =>
  tryGrants(access, access.grants, fills => ({
    row: { ...blank, values: new Map([...fills, ...given]) },
    written: [...given.keys()],
  }))

/** The row with some of its values changed. Pure. @param grants those that are good for the row; at least one */
export const decideChange = (
  access: RowAccess,
  grants: readonly RowGrant[],
  before: Row,
  given: Values,
): Row => {
  const row = { ...before, values: new Map([...before.values, ...given]) }
  const refusal = refusalOf(access, grants, row, [...given.keys()])
  if (refusal) throw refusal
  return row
}

/** Fields that are in any of the grants. */
export const fieldsOf = (grants: readonly RowGrant[]): ReadonlySet<string> =>
  new Set(grants.flatMap(({ fields }) => [...fields]))

/** The row with all values replaced that the caller may write: what is left out becomes null. Pure. */
export const decideReplacement = (
  access: RowAccess,
  grants: readonly RowGrant[],
  before: Row,
  given: Values,
): Row => {
  const writable = [...fieldsOf(grants)]
  const isEmpty = (values: Values, field: string) => (values.get(field) ?? null) === null
  return tryGrants(access, grants, fills => {
    const leftOut = writable.map(field => [field, fills.get(field) ?? null] as const)
    const values = new Map([...before.values, ...leftOut, ...given])
    const emptied = writable.filter(field => !isEmpty(before.values, field) && isEmpty(values, field))
    return { row: { ...before, values }, written: [...given.keys(), ...emptied] }
  })
}
