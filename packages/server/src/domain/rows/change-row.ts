import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { shownFields } from '../resources/shown-fields'
import { decideChange, decideReplacement, fieldsOf } from './decide-write'
import { assertFewKeys, assertKnownFields, assertRequired, readValues } from './read-values'
import type { Row } from './row'
import { assertFields, findAccess, grantsFor, requireAccess } from './row-access'
import { rowNotFound } from './row-not-found'
import { lacksRight } from './row-refusals'
import { visibleRow } from './visible-row'
import { withRowsLocked } from './with-rows-locked'

/** `update` changes what is given; `replace` also empties what is left out, as far as the caller may write it. */
export type RowChange = 'update' | 'replace'

/**
 * Changes a row.
 * @param body as it was sent
 * @returns the row as the caller may read it
 * @throws DomainError NOT_FOUND, also for a row that the caller may not change; INSUFFICIENT_PERMISSIONS that names a field;
 *   VALIDATION_ERROR; CONFLICT
 */
export const changeRow = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  name: string,
  id: string,
  change: RowChange,
  body: Readonly<Record<string, unknown>>,
): Promise<Row> => {
  assertFewKeys(body)
  return withRowsLocked(context, actor, organizationId, name, async scope => {
    const { resource, caller, source } = scope
    const { storage, clock } = scope.context
    const access = await requireAccess(storage, caller, resource, 'update')
    if (!source.writer) throw lacksRight(resource, 'update')
    const before = await source.find(scope.context, organizationId, id)
    const grants = before ? grantsFor(access, before) : []
    if (!before || grants.length === 0) throw rowNotFound(resource)
    const given = Object.keys(body)
    assertKnownFields(resource, shownFields(resource, caller) ?? [], given)
    assertFields(access, grants, given)
    const values = readValues(resource, body)
    const decide = change === 'update' ? decideChange : decideReplacement
    const row = { ...decide(access, grants, before, values), updatedAt: clock() }
    assertRequired(resource, row.values, change === 'update' ? new Set(given) : fieldsOf(grants))
    const fields = change === 'update' ? given : [...fieldsOf(grants)]
    const changed = await source.writer.update(scope.context, { actor, organizationId, row, fields })
    return visibleRow(changed, await findAccess(storage, caller, resource, 'read'))
  })
}
