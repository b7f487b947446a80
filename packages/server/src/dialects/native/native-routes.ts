import { listEndpoints, type NativeContract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'
import type { Handlers } from '../../http/request-context'
import { apiKeyHandlers } from './api-keys'
import { auditLogHandlers } from './audit-logs'
import { authHandlers } from './auth'
import { inviteHandlers } from './invites'
import { memberHandlers } from './members'
import { mfaPolicyHandlers } from './mfa-policy'
import { nativeDialect } from './native-dialect'
import { organizationHandlers } from './organizations'
import { passkeyHandlers } from './passkeys'
import { paymentHandlers } from './payments'
import { projectHandlers } from './projects'
import { sandboxRoutes } from './sandbox-checkout'
import { type Readiness, serviceHandlers } from './service'
import { stripeRoutes } from './stripe-webhook'
import { twoFactorHandlers } from './two-factor'
import { userHandlers } from './user'

/**
 * Every endpoint of the native contract with its handler; one that lacks a handler does not compile. And what payments
 * need besides.
 */
export const nativeRoutes = (domain: DomainContext, version: string, readiness: Readiness): Route[] => {
  const handlers: Handlers<NativeContract> = {
    auth: authHandlers(domain),
    twoFactor: twoFactorHandlers(domain),
    apiKeys: apiKeyHandlers(domain),
    user: userHandlers(domain),
    organizations: organizationHandlers(domain),
    members: memberHandlers(domain),
    invites: inviteHandlers(domain),
    mfaPolicy: mfaPolicyHandlers(domain),
    auditLogs: auditLogHandlers(domain),
    payments: paymentHandlers(domain),
    passkeys: passkeyHandlers(domain),
    projects: projectHandlers(domain),
    service: serviceHandlers(domain, version, readiness),
  }
  const byTag: Readonly<Record<string, Readonly<Record<string, unknown>>>> = handlers
  const ofContract = listEndpoints(['native']).map(({ name, tag, endpoint }): Route => {
    const handle = byTag[tag]?.[name.slice(tag.length + 1)] as Route['handle']
    return { name, endpoint, dialect: nativeDialect, handle }
  })
  return [...ofContract, ...(domain.payments.name === 'sandbox' ? sandboxRoutes : stripeRoutes)(domain)]
}
