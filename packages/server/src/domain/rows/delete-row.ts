import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { grantsFor, requireAccess } from './row-access'
import { rowNotFound } from './row-not-found'
import { lacksRight } from './row-refusals'
import { withRowsLocked } from './with-rows-locked'

/** @throws DomainError NOT_FOUND, also for a row that the caller may not delete; INSUFFICIENT_PERMISSIONS */
export const deleteRow = (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  name: string,
  id: string,
): Promise<void> =>
  withRowsLocked(context, actor, organizationId, name, async scope => {
    const { resource, caller, source } = scope
    const access = await requireAccess(scope.context.storage, caller, resource, 'delete')
    if (!source.writer) throw lacksRight(resource, 'delete')
    const row = await source.find(scope.context, organizationId, id)
    if (!row || grantsFor(access, row).length === 0) throw rowNotFound(resource)
    const fields = [...row.values.keys()]
    await source.writer.delete(scope.context, { actor, organizationId, row, fields })
  })
