import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { getBillingSettings } from '../../domain/payments/get-billing-settings'
import { getSubscription } from '../../domain/payments/get-subscription'
import { getUsage } from '../../domain/payments/get-usage'
import { openPortal } from '../../domain/payments/open-portal'
import { startCheckout, startCreditsCheckout } from '../../domain/payments/start-checkout'
import { updateBillingSettings } from '../../domain/payments/update-billing-settings'
import { updateSubscription } from '../../domain/payments/update-subscription'
import { verifyCheckout } from '../../domain/payments/verify-checkout'
import type { Handlers } from '../../http/request-context'
import { presentBillingSettings, presentSubscription, presentUsage } from './present-subscription'

export const paymentHandlers = (domain: DomainContext): Handlers<Contract>['payments'] => ({
  checkout: ({ body: { successUrl, cancelUrl, ...purchase } }, { actor, tenant }) =>
    startCheckout(domain, actor, tenant.organizationId, purchase, { successUrl, cancelUrl }),

  creditsCheckout: ({ body: { credits, successUrl, cancelUrl } }, { actor, tenant }) =>
    startCreditsCheckout(domain, actor, tenant.organizationId, credits, { successUrl, cancelUrl }),

  verify: async ({ body }, { principal, tenant }) => {
    const { sessionId, status, overview } = await verifyCheckout(
      domain,
      principal,
      tenant.organizationId,
      body.sessionId,
    )
    return { sessionId, status, subscription: presentSubscription(overview) }
  },

  subscription: async (_input, { tenant }) =>
    presentSubscription(await getSubscription(domain, tenant.organizationId)),

  updateSubscription: async ({ body }, { actor, tenant }) =>
    presentSubscription(await updateSubscription(domain, actor, tenant.organizationId, body)),

  usage: async (_input, { tenant }) => presentUsage(await getUsage(domain, tenant.organizationId)),

  portal: async (_input, { tenant }) => ({ url: await openPortal(domain, tenant.organizationId) }),

  billingSettings: async (_input, { tenant }) =>
    presentBillingSettings(await getBillingSettings(domain, tenant.organizationId)),

  updateBillingSettings: async ({ body }, { actor, tenant }) =>
    presentBillingSettings(await updateBillingSettings(domain, actor, tenant.organizationId, body)),
})
