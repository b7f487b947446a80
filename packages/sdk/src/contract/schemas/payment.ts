import { z } from 'zod'
import { BILLING_INTERVALS, PAID_PLAN_IDS, PLAN_IDS } from '../plans'
import { timestampSchema } from './primitive'

/** `none`: nothing was ever bought. `past_due`: a payment failed and is tried again; the plan still counts. */
export const SUBSCRIPTION_STATUSES = ['none', 'active', 'past_due', 'canceled'] as const
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number]

export const CHECKOUT_STATUSES = ['open', 'complete', 'expired'] as const
export type CheckoutStatus = (typeof CHECKOUT_STATUSES)[number]

export const checkoutSchema = z
  .object({ sessionId: z.string(), url: z.string().describe('Where the payment is made, in a browser') })
  .meta({ id: 'Checkout' })
export type Checkout = z.output<typeof checkoutSchema>

export const subscriptionSchema = z
  .object({
    plan: z.enum(PLAN_IDS).describe('The plan whose limits count now'),
    status: z.enum(SUBSCRIPTION_STATUSES),
    tierId: z.enum(PAID_PLAN_IDS).nullable().describe('The plan that was bought last'),
    interval: z.enum(BILLING_INTERVALS).nullable(),
    seatCount: z.int().nullable(),
    slotPacks: z.int().nullable(),
    currentPeriodStart: timestampSchema.nullable(),
    currentPeriodEnd: timestampSchema.nullable(),
    cancelAtPeriodEnd: z.boolean(),
    provider: z.enum(['sandbox', 'stripe']),
  })
  .meta({ id: 'Subscription' })
export type Subscription = z.output<typeof subscriptionSchema>

export const paymentResultSchema = z
  .object({ sessionId: z.string(), status: z.enum(CHECKOUT_STATUSES), subscription: subscriptionSchema })
  .meta({ id: 'PaymentResult' })
export type PaymentResult = z.output<typeof paymentResultSchema>

const usedOf = (what: string) =>
  z.object({ used: z.int(), limit: z.int().nullable() }).describe(`${what}; a limit of null is none`)

export const usageSchema = z
  .object({
    plan: z.enum(PLAN_IDS),
    seats: usedOf('Members and pending invitations'),
    projects: usedOf('Projects'),
    websites: z.object({ used: z.int(), limit: z.int() }),
    apiAccess: z.boolean(),
    requestsPerMinute: z.int(),
    credits: z.object({ balance: z.int() }),
  })
  .meta({ id: 'Usage' })
export type Usage = z.output<typeof usageSchema>

export const billingSettingsSchema = z
  .object({
    email: z.string().nullable().describe('Where invoices go'),
    companyName: z.string().nullable(),
    taxId: z.string().nullable(),
    addressLine1: z.string().nullable(),
    addressLine2: z.string().nullable(),
    postalCode: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string().nullable().describe('ISO 3166-1 alpha-2'),
    updatedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'BillingSettings' })
export type BillingSettings = z.output<typeof billingSettingsSchema>

export const portalSchema = z
  .object({ url: z.string().describe('Where payments are managed, in a browser') })
  .meta({ id: 'Portal' })
export type Portal = z.output<typeof portalSchema>

export const checkoutIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_]{1,200}$/, 'Must be the id of a checkout')
  .meta({ example: 'cs_sandbox_3kTq' })
