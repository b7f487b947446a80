import type { CheckoutStatus } from '@snoop/sdk/contract'
import type { CheckoutRow } from '../../../storage/stores/checkout-store'

/** How a checkout stands by the clock. Pure. */
export const sandboxCheckoutStatusAt = (
  { status, expires_at }: Pick<CheckoutRow, 'status' | 'expires_at'>,
  now: number,
): CheckoutStatus => (status === 'open' && expires_at <= now ? 'expired' : (status as CheckoutStatus))
