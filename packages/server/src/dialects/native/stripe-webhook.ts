import { defineEndpoint } from '@snoop/sdk/contract'
import { z } from 'zod'
import type { DomainContext } from '../../domain/domain-context'
import { receivePaymentEvent } from '../../domain/payments/receive-payment-event'
import type { Route } from '../../http/dialect'
import type { ValidInput } from '../../http/read-input'
import { nativeDialect } from './native-dialect'

/** Where Stripe sends its news. No part of the API. */
const STRIPE_WEBHOOK = defineEndpoint({
  method: 'POST',
  path: '/api/webhooks/stripe',
  summary: 'Take news of Stripe',
  access: { kind: 'public' },
  // All of them come from few addresses, and in bursts; a signature is quickly checked.
  rateLimit: 'exempt',
  rawBody: { signedBy: 'stripe-signature', maxBytes: 1024 * 1024 },
  response: z.object({ received: z.literal(true) }),
  bare: true,
  status: 200,
  message: 'Event received',
  errors: ['SERVICE_UNAVAILABLE'],
})

/** Only there while payments are made by Stripe. */
export const stripeRoutes = (domain: DomainContext): Route[] => [
  {
    name: 'webhooks.stripe',
    endpoint: STRIPE_WEBHOOK,
    dialect: nativeDialect,
    handle: async ({ rawBody }: ValidInput) => {
      await receivePaymentEvent(domain, rawBody?.text ?? '', rawBody?.signature)
      return { received: true }
    },
  },
]
