import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'
import { routesOf } from '../../http/routes-of'
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
 * Every endpoint of the native contract, and what payments need besides.
 */
export const nativeRoutes = (domain: DomainContext, version: string, readiness: Readiness): Route[] => {
  const handlers = {
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
  const ofContract = routesOf('native', handlers, nativeDialect)
  return [...ofContract, ...(domain.payments.name === 'sandbox' ? sandboxRoutes : stripeRoutes)(domain)]
}
