import type { ResourceField } from '@snoop/sdk/contract'
import type { RowFilter, RowQuery, RowSort } from '../../storage/row-filter'
import type { PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { findResource } from '../resources/find-resource'
import { shownFields } from '../resources/shown-fields'
import type { Row } from './row'
import {
  assertFields,
  distinct,
  type RowAccess,
  type RowCaller,
  requireAccess,
  whereGranted,
  whereReadable,
} from './row-access'
import { type AskedRows, readConditions, readSort } from './row-query'
import { sourceOf } from './source-of'
import { visibleRow } from './visible-row'

const NEWEST_FIRST = { field: 'created_at', kind: 'number', isDescending: true, where: undefined } as const

/** Of the caller and of the rules together: a row is held against each of them. */
const MAX_PATTERNS = 20

const patternsIn = (filter: RowFilter): number => {
  if ('all' in filter) return filter.all.reduce((sum, part) => sum + patternsIn(part), 0)
  if ('any' in filter) return filter.any.reduce((sum, part) => sum + patternsIn(part), 0)
  return filter.op === 'like' || filter.op === 'ilike' ? 1 : 0
}

const assertFewPatterns = ({ filter, sort }: RowQuery): void => {
  const all = [filter, ...sort.flatMap(({ where }) => where ?? [])]
  if (patternsIn({ all }) <= MAX_PATTERNS) return
  throw new DomainError('VALIDATION_ERROR', {
    message: `With the rules of the resource these are more than ${MAX_PATTERNS} patterns for each row: filter and sort by fewer fields`,
  })
}

/** A row in which a field may not be read is not found by that field, nor does it stand where its value would put it. */
const queryOf = (access: RowAccess, shown: readonly ResourceField[], asked: AskedRows): RowQuery => {
  const { resource, grants } = access
  const conditions = readConditions(resource, shown, asked.conditions)
  const sort = readSort(resource, shown, asked.sort)
  const fields = [...conditions, ...sort].map(({ field }) => field)
  assertFields(access, grants, fields)
  const [first = NEWEST_FIRST, ...others] = sort.map(
    (by): RowSort => ({ ...by, where: whereReadable(access, by.field) }),
  )
  const readable = conditions.flatMap(({ field }) => whereReadable(access, field) ?? [])
  const query: RowQuery = {
    filter: { all: distinct([whereGranted(grants), ...readable, ...conditions]) },
    sort: [first, ...others],
    limit: asked.limit,
    offset: asked.offset,
  }
  assertFewPatterns(query)
  return query
}

/**
 * The rows that a caller may read and asks for.
 * @throws DomainError NOT_FOUND without such a resource; INSUFFICIENT_PERMISSIONS, also if a field is filtered or sorted by
 *   that the caller may not read; VALIDATION_ERROR
 */
export const listRows = async (
  context: DomainContext,
  caller: RowCaller,
  name: string,
  asked: AskedRows,
): Promise<PageResult<Row>> => {
  const resource = await findResource(context, caller, name)
  const access = await requireAccess(context.storage, caller, resource, 'read')
  const query = queryOf(access, shownFields(resource, caller) ?? [], asked)
  const { items, total } = await sourceOf(resource).list(context, caller.organizationId, query)
  return { items: items.map(row => visibleRow(row, access)), total }
}
