import type { RowQuery, RowSort } from '../../storage/row-filter'
import type { PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import { findResource } from '../resources/find-resource'
import type { Row } from './row'
import {
  assertFields,
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

/** A row in which a field may not be read is not found by that field, nor does it stand where its value would put it. */
const queryOf = (access: RowAccess, asked: AskedRows): RowQuery => {
  const { resource, grants } = access
  const conditions = readConditions(resource, asked.conditions)
  const sort = readSort(resource, asked.sort)
  const fields = [...conditions, ...sort].map(({ field }) => field)
  assertFields(access, grants, fields)
  const [first = NEWEST_FIRST, ...others] = sort.map(
    (by): RowSort => ({ ...by, where: whereReadable(access, by.field) }),
  )
  const readable = conditions.flatMap(({ field }) => whereReadable(access, field) ?? [])
  return {
    filter: { all: [whereGranted(grants), ...readable, ...conditions] },
    sort: [first, ...others],
    limit: asked.limit,
    offset: asked.offset,
  }
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
  const resource = await findResource(context, caller.organizationId, name)
  const access = await requireAccess(context.storage, caller, resource, 'read')
  const query = queryOf(access, asked)
  const { items, total } = await sourceOf(resource).list(context, caller.organizationId, query)
  return { items: items.map(row => visibleRow(row, access)), total }
}
