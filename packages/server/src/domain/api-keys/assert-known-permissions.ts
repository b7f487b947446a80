import { type PermissionMap, RESOURCE_ACTIONS, type ResourceDefinition } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { type FieldProblem, invalidField, invalidFields } from '../domain-error'
import { namableFields } from '../resources/effective-rights'
import { listResources } from '../resources/find-resource'

const problem = (field: string, error: string): FieldProblem => ({ field, error, location: 'body' })

const findProblem = (
  resources: readonly ResourceDefinition[],
  name: string,
  actions: PermissionMap[string],
): FieldProblem | undefined => {
  const path = `permissions.${name}`
  const resource = resources.find(known => known.name === name)
  if (!resource)
    return problem(path, `Unknown resource; there are ${resources.map(known => known.name).join(', ')}`)
  for (const [given, fields] of Object.entries(actions)) {
    const action = RESOURCE_ACTIONS.find(known => known === given)
    if (!action)
      return problem(`${path}.${given}`, `Unknown action; there are ${RESOURCE_ACTIONS.join(', ')}`)
    const known = namableFields(resource, action)
    const unknown = fields.filter(field => !known.includes(field))
    if (unknown.length > 0) {
      const names = unknown.map(field => JSON.stringify(field)).join(', ')
      return problem(`${path}.${action}`, `Unknown: ${names}; the fields are ${known.join(', ')}`)
    }
  }
  return undefined
}

/**
 * That a key which acts in this organization can be given these permissions: what they name is there.
 * @param organizationId home of the key; undefined: its user belongs to no organization, where nothing can be named
 * @throws DomainError VALIDATION_ERROR that names each resource, action or list of fields with something unknown in it, such
 *   as `permissions.posts.read`, and lists what there is
 */
export const assertKnownPermissions = async (
  context: Pick<DomainContext, 'settings' | 'storage'>,
  organizationId: string | undefined,
  map: PermissionMap,
): Promise<void> => {
  const named = Object.entries(map)
  if (named.length === 0) return
  if (organizationId === undefined)
    throw invalidField('permissions', 'You belong to no organization, so there are no resources to name')
  const resources = await listResources(context, organizationId)
  const fields = named.flatMap(([name, actions]) => findProblem(resources, name, actions) ?? [])
  if (fields.length === 0) return
  throw invalidFields(fields)
}
