import type { BillingInterval, CheckoutStatus, PaidPlanId } from '@snoop/sdk/contract'
import type { Stores } from '../../../storage/storage'
import type { CheckoutRow } from '../../../storage/stores/checkout-store'
import type { OrganizationRow } from '../../../storage/stores/organization-store'
import type { DomainContext } from '../../domain-context'
import { DomainError } from '../../domain-error'
import { isLive } from '../../plans/decide-plan'
import { readSubscription } from '../../plans/find-subscription'
import { addCredits } from '../add-credits'
import { applySubscription } from '../apply-subscription'
import type { Order, Purchase } from '../payment-provider'
import { withSessionId } from '../return-urls'
import { assertCardPays, type SandboxCard } from './sandbox-card'
import { sandboxCheckoutStatusAt } from './sandbox-checkout-status'
import { priceOf } from './sandbox-price'
import { beginSandboxSubscription } from './sandbox-subscription'

/** A checkout as its page shows it. */
export interface SandboxCheckout {
  readonly organizationName: string
  readonly order: Order
  /** US cents. */
  readonly amount: number
  readonly status: CheckoutStatus
  readonly successUrl: string
  readonly cancelUrl: string
}

/** Where a checkout stands, and where the browser is to go. */
export interface SandboxPayment {
  readonly status: CheckoutStatus
  readonly url: string
}

const orderOf = (row: CheckoutRow): Order =>
  row.kind === 'credits'
    ? { kind: 'credits', credits: row.credits ?? 0 }
    : {
        kind: 'subscription',
        tierId: row.tier_id as PaidPlanId,
        interval: row.billing_interval as BillingInterval,
        seatCount: row.seat_count ?? 0,
        slotPacks: row.slot_packs ?? 0,
      }

const notFound = () => new DomainError('NOT_FOUND', { message: 'There is no checkout with this id' })

const find = async ({ checkouts }: Pick<Stores, 'checkouts'>, sessionId: string): Promise<CheckoutRow> => {
  const row = await checkouts.findById(sessionId)
  if (row?.provider !== 'sandbox' || row.kind === 'portal') throw notFound()
  return row
}

/** Runs `work` with a checkout that nothing happens to meanwhile. */
const withCheckoutLocked = async <T>(
  { storage }: DomainContext,
  sessionId: string,
  work: (stores: Stores, checkout: CheckoutRow, organization: OrganizationRow) => Promise<T>,
): Promise<T> => {
  const { organization_id } = await find(storage, sessionId)
  return storage.transaction(async stores => {
    const organization = await stores.organizations.lock(organization_id)
    const checkout = await stores.checkouts.find(organization_id, sessionId)
    if (!organization || !checkout) throw notFound()
    return work(stores, checkout, organization)
  })
}

/** @throws DomainError NOT_FOUND */
export const getSandboxCheckout = (context: DomainContext, sessionId: string): Promise<SandboxCheckout> =>
  withCheckoutLocked(context, sessionId, async (_stores, checkout, { name }) => {
    const order = orderOf(checkout)
    return {
      organizationName: name,
      order,
      amount: priceOf(order),
      status: sandboxCheckoutStatusAt(checkout, context.clock()),
      successUrl: withSessionId(checkout.success_url, sessionId),
      cancelUrl: checkout.cancel_url,
    }
  })

const beginSubscription = async (
  context: DomainContext,
  stores: Stores,
  organizationId: string,
  purchase: Purchase,
  card: SandboxCard,
): Promise<void> => {
  const { newId, clock } = context
  const held = await stores.subscriptions.beginSync(organizationId)
  if (isLive(readSubscription(context, held))) {
    throw new DomainError('CONFLICT', {
      message: 'This organization pays for a plan already; change it instead of buying another one',
    })
  }
  const state = beginSandboxSubscription(purchase, card, `sub_sandbox_${newId()}`, clock())
  await applySubscription(context, stores, undefined, { organizationId, customerId: null, held }, state)
}

const assertOpen = (status: CheckoutStatus): void => {
  if (status === 'expired')
    throw new DomainError('CONFLICT', { message: 'This checkout has ended; begin a new one' })
}

/**
 * Pays, once: who pays again is told that it is paid.
 * @throws DomainError NOT_FOUND; CONFLICT if it has ended, a subscription lasts already, or the card is declined: then it
 *   stays open
 */
export const paySandboxCheckout = (
  context: DomainContext,
  sessionId: string,
  card: SandboxCard,
): Promise<SandboxPayment> =>
  withCheckoutLocked(context, sessionId, async (stores, checkout) => {
    const { organization_id: organizationId, success_url } = checkout
    const now = context.clock()
    const payment: SandboxPayment = { status: 'complete', url: withSessionId(success_url, sessionId) }
    const status = sandboxCheckoutStatusAt(checkout, now)
    if (status === 'complete') return payment
    assertOpen(status)
    assertCardPays(card)
    if (!(await stores.checkouts.close(checkout, 'complete'))) return payment
    const order = orderOf(checkout)
    if (order.kind === 'credits')
      await addCredits(context, stores, { organizationId, credits: order.credits, checkoutId: sessionId })
    else {
      const { kind: _, ...purchase } = order
      await beginSubscription(context, stores, organizationId, purchase, card)
    }
    return payment
  })

/** Ends a checkout unpaid. @throws DomainError NOT_FOUND; CONFLICT if it is paid */
export const cancelSandboxCheckout = (context: DomainContext, sessionId: string): Promise<SandboxPayment> =>
  withCheckoutLocked(context, sessionId, async (stores, checkout) => {
    if (checkout.status === 'complete')
      throw new DomainError('CONFLICT', { message: 'This checkout is paid already' })
    await stores.checkouts.close(checkout, 'expired')
    return { status: 'expired', url: checkout.cancel_url }
  })
