import type { Resource, ResourceDefinition } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { conflict, DomainError } from '../domain-error'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'
import { assertMayDefine } from './assert-may-define'
import { definitionProblems } from './definition-problems'
import { findResource, listFixedResources, storedResource } from './find-resource'
import { moveRows } from './move-rows'

const MAX_RESOURCES = 100

type Definitions = Pick<DomainContext, 'settings'> & { readonly storage: Pick<Stores, 'resources'> }

/** @throws DomainError VALIDATION_ERROR that names each place */
const assertSound = (definition: ResourceDefinition): void => {
  const fields = definitionProblems(definition).map(problem => ({ ...problem, location: 'body' as const }))
  if (fields.length === 0) return
  const names = [...new Set(fields.map(({ field }) => field))].join(', ')
  throw new DomainError('VALIDATION_ERROR', {
    message: `Validation failed for fields: ${names}`,
    detail: { fields },
  })
}

/** @throws DomainError NOT_FOUND; CONFLICT for a resource that is not the organization's own */
const findOwn = async (context: Definitions, organizationId: string, name: string): Promise<Resource> => {
  const resource = await findResource(context, organizationId, name)
  if (resource.origin === 'organization') return resource
  const where = resource.origin === 'built-in' ? 'built in' : "defined in the server's schema file"
  throw conflict('name', `${name} is ${where}: it cannot be changed here`)
}

/**
 * Defines a resource of the organization.
 * @throws DomainError VALIDATION_ERROR; CONFLICT if the name is taken or there are 100 resources; NO_PERMISSIONS for a
 *   credential that has less than the role of its user; what `withPermissionLocked` throws
 */
export const createResource = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  definition: ResourceDefinition,
): Promise<Resource> => {
  const { clock, logger } = context
  const { name } = definition
  assertMayDefine(actor.principal)
  assertSound(definition)
  const now = clock()
  const row = {
    organization_id: organizationId,
    name,
    definition: JSON.stringify(definition),
    created_at: now,
    updated_at: now,
  }
  await withPermissionLocked(
    context,
    actor,
    organizationId,
    'organization:manage-resources',
    async stores => {
      const { resources } = stores
      const isFixed = listFixedResources(context).some(resource => resource.name === name)
      if (isFixed || (await resources.find(organizationId, name)))
        throw conflict('name', `There is a resource ${name} already`)
      if ((await resources.count(organizationId)) >= MAX_RESOURCES)
        throw conflict('name', `An organization may define ${MAX_RESOURCES} resources; delete one first`)
      await resources.insert(row)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'resource.created',
        resource: { type: 'resource', id: name },
        details: { fields: definition.fields.map(field => field.name) },
      })
    },
  )
  logger.info(
    { event: 'resource.created', organizationId, resource: name, by: actor.principal.credentialId },
    'resource created',
  )
  return storedResource(row)
}

/**
 * Defines a resource anew. Its rows keep what they hold: values of a field that is taken out are hidden, what is required
 * counts for writes from now on.
 * @throws DomainError VALIDATION_ERROR; NOT_FOUND; CONFLICT for a resource that is not the organization's own, and where the
 *   rows stand in the way; NO_PERMISSIONS; what `withPermissionLocked` throws
 */
export const updateResource = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  definition: ResourceDefinition,
): Promise<Resource> => {
  const { clock, logger } = context
  const { name } = definition
  assertMayDefine(actor.principal)
  assertSound(definition)
  const row = { definition: JSON.stringify(definition), updated_at: clock() }
  await withPermissionLocked(
    context,
    actor,
    organizationId,
    'organization:manage-resources',
    async stores => {
      const before = await findOwn({ ...context, storage: stores }, organizationId, name)
      await moveRows(stores, organizationId, before, definition)
      await stores.resources.update(organizationId, name, row)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'resource.updated',
        resource: { type: 'resource', id: name },
        details: { fields: definition.fields.map(field => field.name) },
      })
    },
  )
  logger.info(
    { event: 'resource.updated', organizationId, resource: name, by: actor.principal.credentialId },
    'resource updated',
  )
  return storedResource(row)
}

/**
 * Deletes a resource of the organization, and its rows.
 * @throws DomainError NOT_FOUND; CONFLICT for a resource that is not the organization's own; NO_PERMISSIONS; what
 *   `withPermissionLocked` throws
 */
export const deleteResource = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  name: string,
): Promise<void> => {
  assertMayDefine(actor.principal)
  await withPermissionLocked(
    context,
    actor,
    organizationId,
    'organization:manage-resources',
    async stores => {
      await findOwn({ ...context, storage: stores }, organizationId, name)
      await stores.resourceRows.deleteAll(organizationId, name)
      await stores.resources.delete(organizationId, name)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'resource.deleted',
        resource: { type: 'resource', id: name },
      })
    },
  )
  context.logger.info(
    { event: 'resource.deleted', organizationId, resource: name, by: actor.principal.credentialId },
    'resource deleted',
  )
}
