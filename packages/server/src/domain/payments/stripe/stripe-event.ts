import type { PaymentEvent } from '../payment-provider'

const look = (thing: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    thing,
  )

const textAt = (thing: unknown, ...path: string[]): string | undefined => {
  const value = look(thing, ...path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const OWN = ['metadata', 'organizationId']
const INVOICE = ['parent', 'subscription_details', 'metadata', 'organizationId']

/** Where each kind of event that matters says which organization it is about. */
const ORGANIZATION_AT: Readonly<Record<string, readonly string[]>> = {
  'checkout.session.completed': OWN,
  'checkout.session.async_payment_succeeded': OWN,
  'customer.subscription.created': OWN,
  'customer.subscription.updated': OWN,
  'customer.subscription.deleted': OWN,
  'invoice.paid': INVOICE,
  'invoice.payment_failed': INVOICE,
}

const PAYMENTS: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'invoice.paid',
])

/** What is looked at of an event of Stripe's (https://docs.stripe.com/api/events/object). */
export interface StripeEvent {
  readonly id: string
  readonly type: string
  readonly data: { readonly object: unknown }
}

/** Only whom it is about is read; how things stand is asked for. Pure. */
export const toPaymentEvent = ({ id, type, data: { object } }: StripeEvent): PaymentEvent => {
  const path = Object.hasOwn(ORGANIZATION_AT, type) ? ORGANIZATION_AT[type] : undefined
  const organizationId = path && textAt(object, ...path)
  const customerId = textAt(object, 'customer')
  if (organizationId === undefined || customerId === undefined) return { id, type, subject: undefined }
  const checkoutId = type.startsWith('checkout.session.') ? textAt(object, 'id') : undefined
  const isPayment = PAYMENTS.has(type) && textAt(object, 'payment_status') !== 'unpaid'
  return { id, type, subject: { organizationId, customerId, checkoutId, isPayment } }
}
