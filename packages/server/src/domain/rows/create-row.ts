import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { shownFields } from '../resources/shown-fields'
import { decideCreation } from './decide-write'
import { assertFewKeys, assertKnownFields, assertRequired, readValues } from './read-values'
import type { Row } from './row'
import { assertFields, findAccess, requireAccess } from './row-access'
import { lacksRight } from './row-refusals'
import { visibleRow } from './visible-row'
import { withRowsLocked } from './with-rows-locked'

/**
 * Makes a row. A field that is left out, and that a rule compares with something of the caller, gets it.
 * @param body as it was sent
 * @returns the row as its maker may read it
 * @throws DomainError NOT_FOUND, INSUFFICIENT_PERMISSIONS that names a field, VALIDATION_ERROR, CONFLICT, PLAN_LIMIT_REACHED
 */
export const createRow = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  name: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Row> => {
  assertFewKeys(body)
  return withRowsLocked(context, actor, organizationId, name, async scope => {
    const { resource, caller, source } = scope
    const { storage, clock, newId } = scope.context
    const access = await requireAccess(storage, caller, resource, 'create')
    if (!source.writer) throw lacksRight(resource, 'create')
    const given = Object.keys(body)
    assertKnownFields(resource, shownFields(resource, caller) ?? [], given)
    assertFields(access, access.grants, given)
    const now = clock()
    const blank = { id: newId(), createdAt: now, updatedAt: now, values: new Map() }
    const row = decideCreation(access, blank, readValues(resource, body))
    assertRequired(resource, row.values, new Set(resource.fields.map(field => field.name)))
    const fields = [...row.values.keys()]
    const made = await source.writer.insert(scope.context, { actor, organizationId, row, fields })
    return visibleRow(made, await findAccess(storage, caller, resource, 'read'))
  })
}
