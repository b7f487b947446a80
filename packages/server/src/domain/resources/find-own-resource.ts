import type { Resource } from '@snoop/sdk/contract'
import { conflict } from '../domain-error'
import { type Definitions, findResource } from './find-resource'
import type { ResourceCaller } from './shown-fields'

/** @throws DomainError NOT_FOUND; CONFLICT for a resource that is not the organization's own */
export const findOwnResource = async (
  context: Definitions,
  caller: ResourceCaller,
  name: string,
): Promise<Resource> => {
  const resource = await findResource(context, caller, name)
  if (resource.origin === 'organization') return resource
  const where = resource.origin === 'built-in' ? 'built in' : "defined in the server's schema file"
  throw conflict('name', `${name} is ${where}: it cannot be changed here`)
}
