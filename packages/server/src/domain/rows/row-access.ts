import type { Resource, ResourceAction, RuleCondition } from '@snoop/sdk/contract'
import type { RowFilter } from '../../storage/row-filter'
import type { Stores } from '../../storage/storage'
import { DomainError } from '../domain-error'
import { effectiveRights } from '../resources/effective-rights'
import { narrowingOf } from '../resources/narrowing-of'
import type { ResourceCaller } from '../resources/shown-fields'
import { meetsFilter } from './meets-filter'
import { type Claims, type RowCondition, resolveCondition } from './resolve-condition'
import type { Row } from './row'
import { lacksRight } from './row-refusals'

/** Who asks for rows. */
export type RowCaller = ResourceCaller

/** One rule as it is for the caller. */
export interface RowGrant {
  readonly fields: ReadonlySet<string>
  /** Met by the rows that it is good for. */
  readonly filters: readonly RowCondition[]
  /** What a row must meet once it is written. */
  readonly checks: readonly RowCondition[]
}

/** What a caller may do with rows of a resource by one action; at least one grant. */
export interface RowAccess {
  readonly resource: Resource
  readonly action: ResourceAction
  readonly grants: readonly RowGrant[]
}

/** Asked for only where a rule has the address: it takes a look-up. */
const findEmail = async (
  stores: Stores,
  { principal, organizationId }: RowCaller,
  conditions: readonly RuleCondition[],
): Promise<string> => {
  if (!conditions.some(({ claim }) => claim === 'email')) return ''
  const member = await stores.memberships.findOfUser(organizationId, principal.userId)
  if (!member) throw new DomainError('FORBIDDEN')
  return member.email
}

/** @returns undefined if the caller may not do this to any row */
export const findAccess = async (
  stores: Stores,
  caller: RowCaller,
  resource: Resource,
  action: ResourceAction,
): Promise<RowAccess | undefined> => {
  const { principal, organizationId, role } = caller
  const rights = effectiveRights(resource, role, narrowingOf(principal))[action]
  if (!rights) return undefined
  const conditions = rights.grants.flatMap(({ filters, checks }) => [...filters, ...checks])
  const email = await findEmail(stores, caller, conditions)
  const claims: Claims = { id: principal.userId, email, role, organizationId }
  // One object for each condition that there is, however many rules have it.
  const resolved = new Map<string, RowCondition>()
  const resolve = (condition: RuleCondition): RowCondition => {
    const key = JSON.stringify(condition)
    const known = resolved.get(key) ?? resolveCondition(resource, condition, claims)
    resolved.set(key, known)
    return known
  }
  const resolveAll = (list: readonly RuleCondition[]) => list.map(resolve)
  const grants = rights.grants.map(({ fields, filters, checks }) => ({
    fields,
    filters: resolveAll(filters),
    checks: resolveAll(checks),
  }))
  return { resource, action, grants }
}

/** @throws DomainError INSUFFICIENT_PERMISSIONS */
export const requireAccess = async (
  stores: Stores,
  caller: RowCaller,
  resource: Resource,
  action: ResourceAction,
): Promise<RowAccess> => {
  const access = await findAccess(stores, caller, resource, action)
  if (access) return access
  throw lacksRight(resource, action)
}

/** Each filter once: the database would work it out again. */
export const distinct = (filters: readonly RowFilter[]): RowFilter[] => [
  ...new Map(filters.map(filter => [JSON.stringify(filter), filter])).values(),
]

/** The rows that any of the grants is good for. */
export const whereGranted = (grants: readonly RowGrant[]): RowFilter =>
  grants.some(({ filters }) => filters.length === 0)
    ? { all: [] }
    : { any: distinct(grants.map(({ filters }) => ({ all: filters.map(({ filter }) => filter) }))) }

/** The grants that are good for a row. */
export const grantsFor = ({ grants }: RowAccess, row: Row): readonly RowGrant[] =>
  grants.filter(({ filters }) => filters.every(({ filter }) => meetsFilter(row, filter)))

/** That of these fields each is in a grant. @throws DomainError INSUFFICIENT_PERMISSIONS that names those that are not */
export const assertFields = (
  { resource, action }: Pick<RowAccess, 'resource' | 'action'>,
  grants: readonly RowGrant[],
  fields: readonly string[],
): void => {
  const outside = fields.filter(field => !grants.some(grant => grant.fields.has(field)))
  if (outside.length > 0) throw lacksRight(resource, action, [...new Set(outside)])
}

/** The rows in which a field may be read; undefined: all that may be read at all. */
export const whereReadable = ({ grants }: RowAccess, field: string): RowFilter | undefined => {
  const having = grants.filter(({ fields }) => fields.has(field))
  return having.length === grants.length ? undefined : whereGranted(having)
}
