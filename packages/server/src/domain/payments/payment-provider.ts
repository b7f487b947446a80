import type { BillingInterval, CheckoutStatus, PaidPlanId, SubscriptionStatus } from '@snoop/sdk/contract'
import type { CheckoutRow } from '../../storage/stores/checkout-store'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'

/** A plan as it is bought. */
export interface Purchase {
  readonly tierId: PaidPlanId
  readonly interval: BillingInterval
  readonly seatCount: number
  readonly slotPacks: number
}

/** Absolute values; what is undefined stays. */
export type SubscriptionChange = {
  readonly [Name in keyof Purchase]?: Purchase[Name] | undefined
} & { readonly cancelAtPeriodEnd?: boolean | undefined }

/** What is to be paid for. */
export type Order =
  | ({ readonly kind: 'subscription' } & Purchase)
  | { readonly kind: 'credits'; readonly credits: number }

export interface CheckoutRequest {
  readonly organizationId: string
  readonly order: Order
  /** Absolute URLs. */
  readonly successUrl: string
  readonly cancelUrl: string
  /** As `createCustomer` gave it. */
  readonly customerId: string | null
  /** The same request with the same key makes one checkout. */
  readonly repeatKey: string
}

export interface OpenedCheckout {
  readonly id: string
  /** The page on which to pay. */
  readonly url: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** What invoices are made out to. */
export interface BillingDetails {
  readonly email: string | null
  readonly companyName: string | null
  readonly taxId: string | null
  readonly addressLine1: string | null
  readonly addressLine2: string | null
  readonly postalCode: string | null
  readonly city: string | null
  readonly country: string | null
}

/** A subscription as its provider has it. Times are milliseconds since 1970. */
export interface SubscriptionState extends Purchase {
  readonly subscriptionId: string
  readonly status: Exclude<SubscriptionStatus, 'none'>
  readonly startedAt: number
  readonly currentPeriodStart: number
  readonly currentPeriodEnd: number
  readonly cancelAtPeriodEnd: boolean
  /** What becomes of its payments; null: not the sandbox's. */
  readonly sandboxCard: string | null
}

/** Whom news of a provider is about. */
export interface PaymentSubject {
  readonly organizationId: string
  readonly customerId: string
  /** Of a checkout that it is about. */
  readonly checkoutId: string | undefined
  /** Whether money was taken. */
  readonly isPayment: boolean
}

/** News of a provider: only that something is to be looked at again. */
export interface PaymentEvent {
  readonly id: string
  readonly type: string
  /** What it is about; undefined: nothing that concerns us. */
  readonly subject: PaymentSubject | undefined
}

/**
 * Who takes the money. Knows neither rules nor tenants beyond the id that it is given. Everything throws DomainError
 * SERVICE_UNAVAILABLE if the provider is away or does not answer as it should.
 */
export interface PaymentProvider {
  readonly name: 'sandbox' | 'stripe'
  /** @returns who pays, the same for the same organization; null: the provider keeps no customers */
  createCustomer(organizationId: string, details: BillingDetails): Promise<string | null>
  updateCustomer(customerId: string, details: BillingDetails): Promise<void>
  createCheckout(request: CheckoutRequest): Promise<OpenedCheckout>
  /** @returns `complete` once it is paid */
  readCheckout(checkout: CheckoutRow): Promise<CheckoutStatus>
  /** From now on it cannot be paid. One that is over stays what it is. */
  expireCheckout(checkoutId: string): Promise<void>
  /** @returns undefined: none has begun */
  readSubscription(held: SubscriptionRow): Promise<SubscriptionState | undefined>
  /** @throws DomainError CONFLICT if a payment that it takes is declined: nothing is changed */
  changeSubscription(held: SubscriptionRow, change: SubscriptionChange): Promise<SubscriptionState>
  /** Ends it at once. One that is over stays so. */
  endSubscription(held: SubscriptionRow): Promise<SubscriptionState | undefined>
  /** @returns the address of the page where payments are managed */
  openPortal(held: SubscriptionRow, returnUrl: string): Promise<string>
  /**
   * Reads a message that claims to come from the provider. Without it the provider sends none.
   * @param body as it was sent
   * @throws DomainError VALIDATION_ERROR if it is not signed by the provider, or was more than five minutes ago
   */
  readonly readEvent?: (body: string, signature: string | undefined, now: number) => Promise<PaymentEvent>
}
