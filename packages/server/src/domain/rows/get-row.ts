import type { Resource } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { findResource } from '../resources/find-resource'
import type { Row } from './row'
import { grantsFor, type RowCaller, requireAccess } from './row-access'
import { rowNotFound } from './row-not-found'
import { sourceOf } from './source-of'
import { visibleRow } from './visible-row'

/** @throws DomainError NOT_FOUND, INSUFFICIENT_PERMISSIONS */
export const getRow = async (
  context: DomainContext,
  caller: RowCaller,
  name: Resource['name'],
  id: string,
): Promise<Row> => {
  const { storage } = context
  const resource = await findResource(context, caller, name)
  const access = await requireAccess(storage, caller, resource, 'read')
  const row = await sourceOf(resource).find(context, caller.organizationId, id)
  if (!row || grantsFor(access, row).length === 0) throw rowNotFound(resource)
  return visibleRow(row, access)
}
