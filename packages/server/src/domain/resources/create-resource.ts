import type { Resource, ResourceDefinition } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { conflict } from '../domain-error'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'
import { assertMayDefine } from './assert-may-define'
import { assertSoundDefinition } from './assert-sound-definition'
import { listFixedResources, storedResource } from './find-resource'
import { recordDefinition } from './record-definition'

const MAX_RESOURCES = 100

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
  assertSoundDefinition(definition)
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
      const { resources, resourceRows } = stores
      const isFixed = listFixedResources(context).some(resource => resource.name === name)
      if (isFixed || (await resources.find(organizationId, name)))
        throw conflict('name', `There is a resource ${name} already`)
      if (await resourceRows.isThereAny(organizationId, name))
        throw conflict(
          'name',
          `Rows are left of a resource ${name} that the server's schema file had: choose another name, or have the file name it again and delete its rows first`,
        )
      if ((await resources.count(organizationId)) >= MAX_RESOURCES)
        throw conflict('name', `An organization may define ${MAX_RESOURCES} resources; delete one first`)
      await resources.insert(row)
      await recordDefinition(context, stores, actor, organizationId, 'resource.created', definition)
    },
  )
  logger.info(
    { event: 'resource.created', organizationId, resource: name, by: actor.principal.credentialId },
    'resource created',
  )
  return storedResource(row)
}
