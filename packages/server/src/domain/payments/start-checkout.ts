import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { withPermissionLocked } from '../members/with-permission-locked'
import { countSeats } from '../plans/count-seats'
import { isLive } from '../plans/decide-plan'
import { findSubscription } from '../plans/find-subscription'
import type { Actor } from '../principals/actor'
import { hashSecret } from '../secret-hash'
import { assertSeatCount } from './assert-seat-count'
import { keepCustomer } from './keep-customer'
import type { OpenedCheckout, Order, Purchase } from './payment-provider'
import { type ReturnUrls, resolveReturnUrls } from './return-urls'
import { syncSubscription } from './sync-subscription'

/** A session that is paid on a page. */
export interface StartedCheckout {
  readonly sessionId: string
  readonly url: string
}

const assertNoSubscription = async (context: DomainContext, organizationId: string): Promise<void> => {
  const subscription = await findSubscription(context, context.storage, organizationId)
  if (!isLive(subscription)) return
  throw new DomainError('CONFLICT', {
    message: `This organization already pays for the ${subscription.tier_id} plan; change that subscription instead`,
  })
}

/** Asks the provider too: a subscription that we know nothing of, or take for ended, must not be bought a second time. */
const assertNothingPaidFor = async (context: DomainContext, organizationId: string): Promise<void> => {
  const { storage, payments } = context
  await assertNoSubscription(context, organizationId)
  const held = await storage.subscriptions.find(organizationId)
  if (!held?.customer_id || held.provider !== payments.name) return
  await syncSubscription(context, {
    organizationId,
    actor: undefined,
    ask: current => payments.readSubscription(current),
  })
  await assertNoSubscription(context, organizationId)
}

const open = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  order: Order,
  urls: ReturnUrls,
): Promise<OpenedCheckout> => {
  const customerId = await keepCustomer(context, organizationId)
  const writeId = actor.claim?.id ?? context.newId()
  const repeatKey = hashSecret(JSON.stringify([organizationId, customerId, writeId, order, urls]))
  return context.payments.createCheckout({ organizationId, order, ...urls, customerId, repeatKey })
}

const detailsOf = (order: Order) =>
  order.kind === 'credits'
    ? { kind: order.kind, credits: order.credits }
    : {
        kind: order.kind,
        tierId: order.tierId,
        interval: order.interval,
        seatCount: order.seatCount,
        slotPacks: order.slotPacks,
      }

/** What is paid is looked for among the organization's checkouts. @throws DomainError for who may not buy any more */
const keep = (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  order: Order,
  urls: ReturnUrls,
  { id, expiresAt }: OpenedCheckout,
): Promise<void> =>
  withPermissionLocked(context, actor, organizationId, 'organization:manage-billing', async stores => {
    const isPlan = order.kind === 'subscription'
    await stores.checkouts.insert({
      organization_id: organizationId,
      id,
      provider: context.payments.name,
      kind: order.kind,
      tier_id: isPlan ? order.tierId : null,
      billing_interval: isPlan ? order.interval : null,
      seat_count: isPlan ? order.seatCount : null,
      slot_packs: isPlan ? order.slotPacks : null,
      credits: isPlan ? null : order.credits,
      success_url: urls.successUrl,
      cancel_url: urls.cancelUrl,
      status: 'open',
      created_at: context.clock(),
      expires_at: expiresAt,
    })
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'checkout.started',
      resource: { type: 'checkout', id },
      details: detailsOf(order),
    })
  })

const start = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  order: Order,
  urls: ReturnUrls,
): Promise<StartedCheckout> => {
  const { payments, logger } = context
  const opened = await open(context, actor, organizationId, order, urls)
  try {
    await keep(context, actor, organizationId, order, urls, opened)
  } catch (error) {
    // Nothing will come of it, so nobody may pay for it. Whatever else went wrong is tried again, with this very checkout.
    if (error instanceof DomainError) await payments.expireCheckout(opened.id)
    throw error
  }
  logger.info(
    { event: 'checkout.started', organizationId, kind: order.kind, by: actor.principal.credentialId },
    'checkout started',
  )
  return { sessionId: opened.id, url: opened.url }
}

/**
 * Begins to buy a plan. It counts once it is paid.
 * @throws DomainError CONFLICT while a subscription lasts, or for `seatCount`; VALIDATION_ERROR for a URL at an origin
 *   that is not trusted; FORBIDDEN or INSUFFICIENT_PERMISSIONS for who may not buy any more, or if the organization is gone;
 *   SERVICE_UNAVAILABLE
 */
export const startCheckout = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  purchase: Purchase,
  returnUrls: ReturnUrls,
): Promise<StartedCheckout> => {
  const urls = resolveReturnUrls(returnUrls, context.settings)
  assertSeatCount(purchase, await countSeats(context, context.storage, organizationId))
  await assertNothingPaidFor(context, organizationId)
  const { tierId, interval, seatCount, slotPacks } = purchase
  const order: Order = { kind: 'subscription', tierId, interval, seatCount, slotPacks }
  return start(context, actor, organizationId, order, urls)
}

/**
 * Begins to buy credits. They count once they are paid.
 * @throws DomainError VALIDATION_ERROR for a URL at an origin that is not trusted; FORBIDDEN or INSUFFICIENT_PERMISSIONS for who may not buy any more, or if the organization is gone;
 *   SERVICE_UNAVAILABLE
 */
export const startCreditsCheckout = (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  credits: number,
  returnUrls: ReturnUrls,
): Promise<StartedCheckout> => {
  const urls = resolveReturnUrls(returnUrls, context.settings)
  return start(context, actor, organizationId, { kind: 'credits', credits }, urls)
}
