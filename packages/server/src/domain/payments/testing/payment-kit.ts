import type { TestDomain } from '../../../testing/test-domain'
import { actorOf } from '../../../testing/test-domain'
import type { DomainContext } from '../../domain-context'
import type { Actor } from '../../principals/actor'
import type { Principal, SessionPrincipal } from '../../principals/principal'
import { getSubscription } from '../get-subscription'
import { getUsage } from '../get-usage'
import { openPortal } from '../open-portal'
import type { Purchase, SubscriptionChange } from '../payment-provider'
import { startCheckout, startCreditsCheckout } from '../start-checkout'
import { updateSubscription } from '../update-subscription'
import { verifyCheckout } from '../verify-checkout'

export const DAY = 24 * 3_600_000
export const URLS = { successUrl: 'https://app.example.com/done?from=snoop', cancelUrl: '/billing' }

/** What an owner does who pays. */
export interface PaymentKit {
  readonly owner: SessionPrincipal
  readonly actor: Actor
  readonly organizationId: string
  /** A checkout of three seats of the starter plan for a month, unless said otherwise. @returns its session's id */
  checkout(purchase?: Partial<Purchase>): Promise<string>
  buyCredits(credits: number): Promise<string>
  verify(sessionId: string, principal?: Principal): ReturnType<typeof verifyCheckout>
  change(change: SubscriptionChange): ReturnType<typeof updateSubscription>
  /** `STATUS PLAN`. */
  standing(): Promise<string>
  usage(): ReturnType<typeof getUsage>
  /** @returns the session's id */
  portal(): Promise<string>
  /** `ACTION TYPE-OF-CREDENTIAL` of each entry of the audit log, oldest first. */
  acts(): Promise<string[]>
}

/** @param context in place of the domain's own, such as one with another provider */
export const createPaymentKit = async (
  domain: TestDomain,
  context: DomainContext = domain.context,
): Promise<PaymentKit> => {
  const owner = await domain.signUp()
  const actor = actorOf(owner)
  const organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  const standard: Purchase = { tierId: 'starter', interval: 'month', seatCount: 3, slotPacks: 0 }
  return {
    owner,
    actor,
    organizationId,
    checkout: async (purchase = {}) =>
      (await startCheckout(context, actor, organizationId, { ...standard, ...purchase }, URLS)).sessionId,
    buyCredits: async credits =>
      (await startCreditsCheckout(context, actor, organizationId, credits, URLS)).sessionId,
    verify: (sessionId, principal = owner) => verifyCheckout(context, principal, organizationId, sessionId),
    change: change => updateSubscription(context, actor, organizationId, change),
    standing: async () => {
      const { plan, subscription } = await getSubscription(context, organizationId)
      return `${subscription?.status ?? 'none'} ${plan.id}`
    },
    usage: () => getUsage(context, organizationId),
    portal: async () => new URL(await openPortal(context, organizationId)).hash.slice(1),
    acts: async () => {
      const rows = await domain.engine.db
        .selectFrom('audit_events')
        .select(['action', 'credential_type'])
        .where('organization_id', '=', organizationId)
        .orderBy('sequence')
        .execute()
      return rows.map(({ action, credential_type }) => `${action} ${credential_type}`)
    },
  }
}
