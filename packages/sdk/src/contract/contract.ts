import type { Endpoint } from './endpoint'
import { apiKeyEndpoints } from './endpoints/api-keys'
import { auditLogEndpoints } from './endpoints/audit-logs'
import { authEndpoints } from './endpoints/auth'
import { inviteEndpoints } from './endpoints/invites'
import { memberEndpoints } from './endpoints/members'
import { mfaPolicyEndpoints } from './endpoints/mfa-policy'
import { organizationEndpoints } from './endpoints/organizations'
import { passkeyEndpoints } from './endpoints/passkeys'
import { paymentEndpoints } from './endpoints/payments'
import { projectEndpoints } from './endpoints/projects'
import { serviceEndpoints } from './endpoints/service'
import { snaapiEndpoints } from './endpoints/snaapi'
import { snaptrackEndpoints } from './endpoints/snaptrack'
import { snipyEndpoints } from './endpoints/snipy'
import { twoFactorEndpoints } from './endpoints/two-factor'
import { userEndpoints } from './endpoints/user'
import { SURFACES, type Surface } from './vocabulary'

/** The native API: resource → method → endpoint. */
const nativeContract = {
  auth: authEndpoints,
  twoFactor: twoFactorEndpoints,
  passkeys: passkeyEndpoints,
  apiKeys: apiKeyEndpoints,
  user: userEndpoints,
  organizations: organizationEndpoints,
  members: memberEndpoints,
  invites: inviteEndpoints,
  mfaPolicy: mfaPolicyEndpoints,
  auditLogs: auditLogEndpoints,
  projects: projectEndpoints,
  payments: paymentEndpoints,
  service: serviceEndpoints,
} satisfies Record<string, Record<string, Endpoint>>
export type NativeContract = typeof nativeContract

/** All that the server speaks: the native API and each surface. Names here are the SDK's method names. */
export const contract = {
  ...nativeContract,
  snipy: snipyEndpoints,
  snaptrack: snaptrackEndpoints,
  snaapi: snaapiEndpoints,
} satisfies Record<string, Record<string, Endpoint>>
export type Contract = typeof contract

/** One endpoint with the name that it has in the tree, such as `projects.list`. */
export interface NamedEndpoint {
  readonly name: string
  readonly tag: string
  readonly endpoint: Endpoint
}

/** Every endpoint of these surfaces, in the contract's order. */
export const listEndpoints = (surfaces: readonly Surface[] = SURFACES): NamedEndpoint[] =>
  Object.entries(contract).flatMap(([tag, endpoints]) =>
    Object.entries<Endpoint>(endpoints)
      .filter(([, { dialect }]) => surfaces.includes(dialect ?? 'native'))
      .map(([method, endpoint]) => ({ name: `${tag}.${method}`, tag, endpoint })),
  )
