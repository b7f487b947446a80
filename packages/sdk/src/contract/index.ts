import type { Endpoint } from './endpoint'
import { apiKeyEndpoints } from './endpoints/api-keys'
import { authEndpoints } from './endpoints/auth'
import { organizationEndpoints } from './endpoints/organizations'
import { projectEndpoints } from './endpoints/projects'
import { serviceEndpoints } from './endpoints/service'
import { userEndpoints } from './endpoints/user'

/** The native API: resource → method → endpoint. Names here are the SDK's method names. */
export const contract = {
  auth: authEndpoints,
  apiKeys: apiKeyEndpoints,
  user: userEndpoints,
  organizations: organizationEndpoints,
  projects: projectEndpoints,
  service: serviceEndpoints,
} satisfies Record<string, Record<string, Endpoint>>
export type Contract = typeof contract

/** One endpoint with the name that it has in the tree, such as `projects.list`. */
export interface NamedEndpoint {
  readonly name: string
  readonly tag: string
  readonly endpoint: Endpoint
}

/** Every endpoint of the contract, in its order. */
export const listEndpoints = (): NamedEndpoint[] =>
  Object.entries(contract).flatMap(([tag, endpoints]) =>
    Object.entries<Endpoint>(endpoints).map(([method, endpoint]) => ({
      name: `${tag}.${method}`,
      tag,
      endpoint,
    })),
  )

export * from './endpoint'
export * from './error-catalogue'
export * from './schemas/api-key'
export * from './schemas/organization'
export * from './schemas/paging'
export * from './schemas/project'
export * from './schemas/session'
export * from './schemas/user'
export * from './vocabulary'
