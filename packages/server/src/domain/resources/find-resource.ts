import type { Resource, ResourceDefinition } from '@snoop/sdk/contract'
import type { ResourceDefinitionRow } from '../../storage/stores/resource-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { BUILT_IN_RESOURCES } from './built-in-resources'
import { rulesOf } from './default-rules'
import { type ResourceCaller, seesDefinitions, shownFields } from './shown-fields'

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

/** @returns undefined: the organization has none of the name */
const lookUpResource = async (
  context: Definitions,
  organizationId: string,
  name: string,
): Promise<Resource | undefined> => {
  const fixed = listFixedResources(context).find(resource => resource.name === name)
  if (fixed) return fixed
  const row = await context.storage.resources.find(organizationId, name)
  return row && storedResource(row)
}

/** Of the resources that everybody has, those that the caller has a right to: to know of the others, their rules must be read. */
const namesFor = async (context: Definitions, caller: ResourceCaller): Promise<string[]> => {
  const fixed = listFixedResources(context)
  if (seesDefinitions(caller)) {
    const own = await context.storage.resources.listNames(caller.organizationId)
    return [...new Set([...fixed.map(({ name }) => name), ...own])]
  }
  const shown = fixed.filter(resource => shownFields(resource, caller))
  return [...shown.map(({ name }) => name), 'whatever else the list of resources tells you']
}

/**
 * In a transaction that holds the organization, give its stores: no definition changes before its end.
 * @throws DomainError NOT_FOUND that names resources that there are for the caller
 */
export const findResource = async (
  context: Definitions,
  caller: ResourceCaller,
  name: string,
): Promise<Resource> => {
  const resource = await lookUpResource(context, caller.organizationId, name)
  if (resource) return resource
  const names = await namesFor(context, caller)
  throw new DomainError('NOT_FOUND', {
    message: `There is no resource ${name}; there are ${names.join(', ')}`,
  })
}
