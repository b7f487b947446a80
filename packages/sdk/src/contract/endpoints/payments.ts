import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { BILLING_INTERVALS, MAX_SLOT_PACKS, PAID_PLAN_IDS, PLANS } from '../plans'
import {
  billingSettingsSchema,
  checkoutIdSchema,
  checkoutSchema,
  paymentResultSchema,
  portalSchema,
  subscriptionSchema,
  usageSchema,
} from '../schemas/payment'
import { callbackUrlSchema, emailSchema, idSchema, nameSchema, textSchema } from '../schemas/primitive'

const organization = '/api/user/organizations/:organizationId'
const path = `${organization}/payments`
const params = z.object({ organizationId: idSchema })
const toRead = {
  kind: 'organization',
  scopes: ['subscription:read'],
  permission: 'organization:read',
} as const
const toPay = {
  kind: 'organization',
  scopes: ['subscription:write'],
  permission: 'organization:manage-billing',
} as const

const tierId = z.enum(PAID_PLAN_IDS)
const interval = z.enum(BILLING_INTERVALS)
const seatCount = z.int().min(1).max(PLANS.business.seats)
const slotPacks = z.int().min(0).max(MAX_SLOT_PACKS).describe('Each adds five projects')
const returnUrls = { successUrl: callbackUrlSchema, cancelUrl: callbackUrlSchema }

export const paymentEndpoints = {
  checkout: defineEndpoint({
    method: 'POST',
    path: `${path}/checkout`,
    summary: 'Begin to buy a plan',
    description: 'The answer names the page on which to pay. The plan counts once it is paid.',
    access: toPay,
    params,
    body: z.object({ tierId, interval, seatCount, slotPacks: slotPacks.default(0), ...returnUrls }),
    response: checkoutSchema,
    idempotency: 'answer',
    status: 201,
    message: 'Checkout session created successfully',
    errors: ['CONFLICT'],
  }),
  creditsCheckout: defineEndpoint({
    method: 'POST',
    path: `${path}/credits/checkout`,
    summary: 'Begin to buy credits',
    access: toPay,
    params,
    body: z.object({ credits: z.int().min(1).max(1_000_000), ...returnUrls }),
    response: checkoutSchema,
    idempotency: 'answer',
    status: 201,
    message: 'Checkout session created successfully',
    errors: [],
  }),
  verify: defineEndpoint({
    method: 'POST',
    path: `${path}/verify`,
    summary: 'Find out whether a checkout was paid, and take it into account',
    access: toPay,
    params,
    body: z.object({ sessionId: checkoutIdSchema }),
    response: paymentResultSchema,
    status: 200,
    message: 'Payment verified successfully',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION'],
  }),
  subscription: defineEndpoint({
    method: 'GET',
    path: `${path}/subscription`,
    summary: 'Get the plan and subscription of an organization',
    access: toRead,
    params,
    response: subscriptionSchema,
    status: 200,
    message: 'Subscription fetched successfully',
    errors: [],
  }),
  updateSubscription: defineEndpoint({
    method: 'PATCH',
    path: `${path}/subscription`,
    summary: 'Change what is paid for',
    description: 'Absolute values; what is left out stays. Nothing may become less than is in use.',
    access: toPay,
    params,
    body: z.object({
      tierId: tierId.optional(),
      interval: interval.optional(),
      seatCount: seatCount.optional(),
      slotPacks: slotPacks.optional(),
      cancelAtPeriodEnd: z.boolean().optional().describe('True: it ends with the period that is paid'),
    }),
    response: subscriptionSchema,
    status: 200,
    message: 'Subscription updated successfully',
    errors: ['CONFLICT'],
  }),
  usage: defineEndpoint({
    method: 'GET',
    path: `${path}/subscription/usage`,
    summary: 'Get what the plan allows and what of it is used',
    access: toRead,
    params,
    response: usageSchema,
    status: 200,
    message: 'Usage fetched successfully',
    errors: [],
  }),
  portal: defineEndpoint({
    method: 'GET',
    path: `${path}/portal`,
    summary: 'Get the address of the page where payments are managed',
    access: toPay,
    params,
    response: portalSchema,
    status: 200,
    message: 'Portal session created successfully',
    errors: ['CONFLICT'],
  }),
  billingSettings: defineEndpoint({
    method: 'GET',
    path: `${organization}/settings/billing`,
    summary: 'Get what invoices are made out to',
    access: { ...toPay, scopes: ['subscription:read'] },
    params,
    response: billingSettingsSchema,
    status: 200,
    message: 'Billing settings fetched successfully',
    errors: [],
  }),
  updateBillingSettings: defineEndpoint({
    method: 'PUT',
    path: `${organization}/settings/billing`,
    summary: 'Change what invoices are made out to',
    description: 'Fields that are left out stay as they are; null empties one.',
    access: toPay,
    params,
    body: z.object({
      email: emailSchema.nullish(),
      companyName: nameSchema.nullish(),
      taxId: textSchema(50).nullish(),
      addressLine1: textSchema(200).nullish(),
      addressLine2: textSchema(200).nullish(),
      postalCode: textSchema(20).nullish(),
      city: textSchema(100).nullish(),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/, 'Must be two capital letters, such as FR')
        .nullish(),
    }),
    response: billingSettingsSchema,
    status: 200,
    message: 'Billing settings updated successfully',
    errors: [],
  }),
}
