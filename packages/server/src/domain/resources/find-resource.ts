import type { Resource, ResourceDefinition } from '@snoop/sdk/contract'
import type { ResourceDefinitionRow } from '../../storage/stores/resource-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { BUILT_IN_RESOURCES } from './built-in-resources'
import { rulesOf } from './default-rules'

/** Where resources are looked up: a context, or its settings with the stores of a transaction. */
export type Definitions = Pick<DomainContext, 'settings'> & {
  readonly storage: Pick<DomainContext['storage'], 'resources'>
}

const resourceOf = (definition: ResourceDefinition, origin: Resource['origin']): Resource => ({
  ...definition,
  origin,
  rules: [...rulesOf(definition)],
})

/** What the table holds was a checked definition when it was written. */
export const storedResource = ({ definition }: Pick<ResourceDefinitionRow, 'definition'>): Resource =>
  resourceOf(JSON.parse(definition) as ResourceDefinition, 'organization')

/** Resources that every organization has, and whose names none can take. */
export const listFixedResources = ({ settings }: Pick<DomainContext, 'settings'>): Resource[] => [
  ...BUILT_IN_RESOURCES,
  ...settings.resources.map(definition => resourceOf(definition, 'schema-file')),
]

/** All resources of an organization: the built-in ones, those of the schema file, its own by name. Rules are filled in. */
export const listResources = async (context: Definitions, organizationId: string): Promise<Resource[]> => {
  const fixed = listFixedResources(context)
  const own = (await context.storage.resources.list(organizationId)).map(storedResource)
  // A name that the schema file took later hides the organization's.
  return [...fixed, ...own.filter(({ name }) => !fixed.some(resource => resource.name === name))]
}

/**
 * In a transaction that holds the organization, give its stores: no definition changes before its end.
 * @throws DomainError NOT_FOUND that names the resources that there are
 */
export const findResource = async (
  context: Definitions,
  organizationId: string,
  name: string,
): Promise<Resource> => {
  const fixed = listFixedResources(context).find(resource => resource.name === name)
  if (fixed) return fixed
  const row = await context.storage.resources.find(organizationId, name)
  if (row) return storedResource(row)
  const names = (await listResources(context, organizationId)).map(resource => resource.name)
  throw new DomainError('NOT_FOUND', {
    message: `There is no resource ${name}; there are ${names.join(', ')}`,
  })
}
