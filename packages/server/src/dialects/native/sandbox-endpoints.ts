import {
  BILLING_INTERVALS,
  CHECKOUT_STATUSES,
  checkoutIdSchema,
  defineEndpoint,
  PAID_PLAN_IDS,
  SUBSCRIPTION_STATUSES,
} from '@snoop/sdk/contract'
import { z } from 'zod'
import { SANDBOX_CARDS } from '../../domain/payments/sandbox/sandbox-card'

const checkoutPath = '/api/sandbox/checkouts/:sessionId'
const portalPath = '/api/sandbox/portals/:sessionId'
const params = z.object({ sessionId: checkoutIdSchema })
const card = z.enum(SANDBOX_CARDS)

/** Asked by the sandbox's own pages, which hold the id of the session and no other credential. No part of the API. */
const common = { access: { kind: 'public' }, params, status: 200 } as const

const checkout = z.object({
  organizationName: z.string(),
  kind: z.enum(['subscription', 'credits']),
  tierId: z.enum(PAID_PLAN_IDS).nullable(),
  interval: z.enum(BILLING_INTERVALS).nullable(),
  seatCount: z.int().nullable(),
  slotPacks: z.int().nullable(),
  credits: z.int().nullable(),
  amount: z.int(),
  currency: z.literal('usd'),
  status: z.enum(CHECKOUT_STATUSES),
  successUrl: z.string(),
  cancelUrl: z.string(),
})

const portal = z.object({
  organizationName: z.string(),
  status: z.enum(SUBSCRIPTION_STATUSES),
  tierId: z.enum(PAID_PLAN_IDS),
  interval: z.enum(BILLING_INTERVALS),
  seatCount: z.int(),
  slotPacks: z.int(),
  amount: z.int(),
  currency: z.literal('usd'),
  currentPeriodEnd: z.string(),
  cancelAtPeriodEnd: z.boolean(),
  card,
  returnUrl: z.string(),
})

export const SANDBOX_CHECKOUT = defineEndpoint({
  ...common,
  method: 'GET',
  path: checkoutPath,
  summary: 'Show what a checkout of the sandbox is for',
  response: checkout,
  message: 'Checkout fetched successfully',
  errors: ['NOT_FOUND'],
})

export const PAY_SANDBOX_CHECKOUT = defineEndpoint({
  ...common,
  method: 'POST',
  path: `${checkoutPath}/pay`,
  summary: 'Pay in the sandbox, with no money',
  body: z.object({ card }),
  response: z.object({ status: z.enum(CHECKOUT_STATUSES), url: z.string() }),
  message: 'Checkout paid successfully',
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const CANCEL_SANDBOX_CHECKOUT = defineEndpoint({
  ...common,
  method: 'POST',
  path: `${checkoutPath}/cancel`,
  summary: 'Leave a checkout of the sandbox unpaid',
  response: z.object({ url: z.string() }),
  message: 'Checkout cancelled successfully',
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const SANDBOX_PORTAL = defineEndpoint({
  ...common,
  method: 'GET',
  path: portalPath,
  summary: 'Show how the sandbox is paid',
  response: portal,
  message: 'Portal fetched successfully',
  errors: ['NOT_FOUND'],
})

export const CHANGE_AT_SANDBOX_PORTAL = defineEndpoint({
  ...common,
  method: 'POST',
  path: portalPath,
  summary: 'Change how the sandbox is paid',
  body: z.object({ card: card.optional(), cancelAtPeriodEnd: z.boolean().optional() }),
  response: portal,
  message: 'Portal updated successfully',
  errors: ['NOT_FOUND', 'CONFLICT'],
})
