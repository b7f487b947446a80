import type { Resource } from '@snoop/sdk/contract'
import { conflict } from '../domain-error'
import { type Definitions, findResource } from './find-resource'

/** @throws DomainError NOT_FOUND; CONFLICT for a resource that is not the organization's own */
export const findOwnResource = async (
  context: Definitions,
  organizationId: string,
  name: string,
): Promise<Resource> => {
  const resource = await findResource(context, organizationId, name)
  if (resource.origin === 'organization') return resource
  const where = resource.origin === 'built-in' ? 'built in' : "defined in the server's schema file"
  throw conflict('name', `${name} is ${where}: it cannot be changed here`)
}
