import type Stripe from 'stripe'
import type { StripeConfig } from '../../config/config'
import type { Logger } from '../../observability/logger'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'
import { assertSeatCount } from './assert-seat-count'
import type { CheckoutRequest, PaymentProvider, SubscriptionChange } from './payment-provider'
import { isSamePurchase, purchaseAfter } from './purchase-after'
import { changedCustomer, newCustomer } from './stripe/stripe-customer'
import { toPaymentEvent } from './stripe/stripe-event'
import { explainStripeFailure } from './stripe/stripe-failure'
import { itemsOf, metadataOf } from './stripe/stripe-prices'
import { chooseSubscription, isRunning, readItems, toSubscriptionState } from './stripe/stripe-subscription'

const SECOND_MS = 1000
/** For each try; a call is tried twice. */
const CALL_TIMEOUT_MS = 10_000
const SIGNATURE_LIFE_SECONDS = 300
/** As many as Stripe lists at once. */
const MAX_SUBSCRIPTIONS = 100
/** Stripe puts the id of the session in its place. */
const SESSION_ID = '{CHECKOUT_SESSION_ID}'

/** Takes time and memory to load, so only a server that takes money does. */
const loadStripe = async ({ secretKey, apiUrl }: StripeConfig, timeoutMs: number): Promise<Stripe> => {
  const { default: StripeClient } = await import('stripe')
  const url = apiUrl === undefined ? undefined : new URL(apiUrl)
  return new StripeClient(secretKey, {
    timeout: timeoutMs,
    maxNetworkRetries: 1,
    telemetry: false,
    ...(url && {
      protocol: url.protocol === 'http:' ? 'http' : 'https',
      host: url.hostname,
      port: url.port,
    }),
  })
}

/** The braces must stay: the parser of URLs would encode them. */
const successUrlOf = (successUrl: string): string => {
  const url = new URL(successUrl)
  url.searchParams.set('session_id', 'ID')
  return url.href.replace('session_id=ID', `session_id=${SESSION_ID}`)
}

const checkoutParams = (
  { prices }: StripeConfig,
  { organizationId, order, successUrl, cancelUrl, customerId }: CheckoutRequest,
): Stripe.Checkout.SessionCreateParams => ({
  line_items: itemsOf(prices, order),
  success_url: successUrlOf(successUrl),
  cancel_url: cancelUrl,
  client_reference_id: organizationId,
  metadata: { organizationId },
  ...(customerId !== null && { customer: customerId }),
  ...(order.kind === 'subscription'
    ? {
        mode: 'subscription',
        subscription_data: { metadata: metadataOf(prices, organizationId, order) },
      }
    : { mode: 'payment', invoice_creation: { enabled: true } }),
})

type Item = NonNullable<Stripe.SubscriptionUpdateParams['items']>[number]

/**
 * What is bought changes at once, and is paid at once or not at all.
 * @throws DomainError CONFLICT for more seats than the plan has
 */
const purchaseParams = (
  { prices }: StripeConfig,
  organizationId: string,
  subscription: Stripe.Subscription,
  change: SubscriptionChange,
): Stripe.SubscriptionUpdateParams => {
  const before = toSubscriptionState(prices, subscription)
  const after = purchaseAfter(before, change)
  if (isSamePurchase(before, after)) return {}
  // What is known here may be older: another change, or Stripe's own portal, may have chosen another plan.
  assertSeatCount(after, 0)
  const { plan, slotPacks } = readItems(prices, subscription)
  const otherPlan = after.tierId !== before.tierId || after.interval !== before.interval
  const items: Item[] = []
  if (plan) {
    const price = otherPlan ? prices[after.tierId][after.interval] : plan.price.id
    items.push({ id: plan.id, price, quantity: after.seatCount })
  }
  if (slotPacks && after.slotPacks === 0) items.push({ id: slotPacks.id, deleted: true })
  else if (after.slotPacks > 0) {
    const keepsPrice = slotPacks && after.interval === before.interval
    const price = keepsPrice ? slotPacks.price.id : prices.slotPack[after.interval]
    items.push({ ...(slotPacks && { id: slotPacks.id }), price, quantity: after.slotPacks })
  }
  return {
    items,
    ...(otherPlan && { metadata: metadataOf(prices, organizationId, after) }),
    proration_behavior: 'always_invoice',
    payment_behavior: 'error_if_incomplete',
  }
}

const endingParams = (
  { cancel_at, cancel_at_period_end }: Stripe.Subscription,
  isToEnd: boolean | undefined,
): Stripe.SubscriptionUpdateParams => {
  if (isToEnd === undefined) return {}
  const isEnding = cancel_at_period_end || cancel_at !== null
  if (isToEnd === isEnding) return {}
  return !isToEnd && !cancel_at_period_end ? { cancel_at: '' } : { cancel_at_period_end: isToEnd }
}

/**
 * Stripe (https://docs.stripe.com/api). Nothing is called before somebody buys.
 * @param timeoutMs for each try of a call
 */
export const createStripeProvider = (
  config: StripeConfig,
  logger: Logger,
  timeoutMs: number = CALL_TIMEOUT_MS,
): PaymentProvider => {
  const { prices, webhookSecret } = config
  let loading: Promise<Stripe> | undefined
  const load = () => {
    loading ??= loadStripe(config, timeoutMs)
    return loading
  }
  const call = async <T>(work: (stripe: Stripe) => Promise<T>): Promise<T> => {
    try {
      return await work(await load())
    } catch (error) {
      throw explainStripeFailure(error)
    }
  }

  /** Those that were bought here; others of the same customer are the operator's own business. */
  const listSubscriptions = async (
    stripe: Stripe,
    customer: string,
    organizationId: string,
  ): Promise<Stripe.Subscription[]> => {
    const { data } = await stripe.subscriptions.list({ customer, status: 'all', limit: MAX_SUBSCRIPTIONS })
    return data.filter(({ metadata }) => metadata.organizationId === organizationId)
  }
  const stateOf = (subscription: Stripe.Subscription | undefined) =>
    subscription && toSubscriptionState(prices, subscription)

  return {
    name: 'stripe',

    createCustomer: (organizationId, details) =>
      call(async stripe => {
        const params = { ...newCustomer(details), metadata: { organizationId } }
        const idempotencyKey = `customer-${hashSecret(JSON.stringify(params))}`
        return (await stripe.customers.create(params, { idempotencyKey })).id
      }),

    updateCustomer: (customerId, details) =>
      call(async stripe => {
        await stripe.customers.update(customerId, changedCustomer(details))
      }),

    createCheckout: request =>
      call(async stripe => {
        const { id, url, expires_at } = await stripe.checkout.sessions.create(
          checkoutParams(config, request),
          { idempotencyKey: `checkout-${request.repeatKey}` },
        )
        if (url === null) throw new Error('The checkout session has no page')
        return { id, url, expiresAt: expires_at * SECOND_MS }
      }),

    readCheckout: ({ id }) =>
      call(async stripe => {
        const { status, payment_status } = await stripe.checkout.sessions.retrieve(id)
        if (status === 'expired') return 'expired'
        return status === 'complete' && payment_status !== 'unpaid' ? 'complete' : 'open'
      }),

    expireCheckout: id =>
      call(async stripe => {
        const { status } = await stripe.checkout.sessions.retrieve(id)
        if (status === 'open') await stripe.checkout.sessions.expire(id)
      }),

    readSubscription: ({ organization_id, customer_id }) =>
      call(async stripe => {
        if (customer_id === null) return undefined
        const { main, extra } = chooseSubscription(
          await listSubscriptions(stripe, customer_id, organization_id),
        )
        // Bought a second time in another checkout: what is left of its period becomes the customer's credit.
        for (const { id } of extra) {
          await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true })
          logger.warn(
            { event: 'payments.bought_twice', organizationId: organization_id, subscriptionId: id },
            'ended a second subscription of an organization; what was paid for it is credit of its customer at Stripe',
          )
        }
        return stateOf(main)
      }),

    changeSubscription: ({ organization_id, subscription_id }, change) =>
      call(async stripe => {
        if (subscription_id === null) throw new Error('There is no subscription to change')
        const found = await stripe.subscriptions.retrieve(subscription_id)
        const state = toSubscriptionState(prices, found)
        if (state.status === 'canceled') return state
        const params = {
          ...purchaseParams(config, organization_id, found, change),
          ...endingParams(found, change.cancelAtPeriodEnd),
        }
        if (Object.keys(params).length === 0) return state
        return toSubscriptionState(prices, await stripe.subscriptions.update(found.id, params))
      }),

    endSubscription: ({ organization_id, customer_id }) =>
      call(async stripe => {
        if (customer_id === null) return undefined
        const found = await listSubscriptions(stripe, customer_id, organization_id)
        const ended: Stripe.Subscription[] = []
        for (const each of found)
          ended.push(isRunning(each) ? await stripe.subscriptions.cancel(each.id) : each)
        return stateOf(chooseSubscription(ended).main)
      }),

    openPortal: ({ customer_id }, returnUrl) =>
      call(async stripe => {
        const { url } = await stripe.billingPortal.sessions.create({
          ...(customer_id !== null && { customer: customer_id }),
          return_url: returnUrl,
        })
        return url
      }),

    readEvent: async (body, signature, now) => {
      const { webhooks } = await load()
      try {
        return toPaymentEvent(
          webhooks.constructEvent(
            body,
            signature ?? '',
            webhookSecret,
            SIGNATURE_LIFE_SECONDS,
            undefined,
            now,
          ),
        )
      } catch {
        throw new DomainError('VALIDATION_ERROR', {
          message:
            'The header Stripe-Signature must be the signature of this very body by Stripe, made within the last five minutes',
        })
      }
    },
  }
}
