import type { Storage } from '../../../storage/storage'
import { DomainError } from '../../domain-error'
import type { PaymentProvider } from '../payment-provider'
import { sandboxCheckoutStatusAt } from './sandbox-checkout-status'
import { changeSandboxSubscription, sandboxStateAt } from './sandbox-subscription'

const HOUR_MS = 3_600_000
const CHECKOUT_LIFE_MS = 24 * HOUR_MS
const PORTAL_LIFE_MS = HOUR_MS

export interface SandboxParts {
  readonly storage: Pick<Storage, 'transaction'>
  readonly clock: () => number
  readonly randomBytes: (size: number) => Buffer
  /** The public origin: its pages are this server's. */
  readonly origin: string
}

/**
 * Payments that take no money, for trying things out: all that it knows is in our own tables, and what it would do by
 * itself is worked out from the clock.
 */
export const createSandboxProvider = ({
  storage,
  clock,
  randomBytes,
  origin,
}: SandboxParts): PaymentProvider => {
  const newId = (prefix: string) => `${prefix}_sandbox_${randomBytes(32).toString('hex')}`
  return {
    name: 'sandbox',
    createCustomer: async () => null,
    updateCustomer: async () => {},
    createCheckout: async () => {
      const id = newId('cs')
      // In the fragment, which no server and no log sees.
      return { id, url: `${origin}/sandbox/checkout#${id}`, expiresAt: clock() + CHECKOUT_LIFE_MS }
    },
    readCheckout: async checkout => sandboxCheckoutStatusAt(checkout, clock()),
    expireCheckout: async () => {},
    readSubscription: async held => sandboxStateAt(held, clock()),
    changeSubscription: async (held, change) => changeSandboxSubscription(held, change, clock()),
    endSubscription: async held => ({ ...sandboxStateAt(held, clock()), status: 'canceled' }),
    openPortal: async ({ organization_id }, returnUrl) => {
      const id = newId('ps')
      const now = clock()
      await storage.transaction(async ({ organizations, checkouts }) => {
        if (!(await organizations.lock(organization_id))) throw new DomainError('FORBIDDEN')
        await checkouts.insert({
          organization_id,
          id,
          provider: 'sandbox',
          kind: 'portal',
          tier_id: null,
          billing_interval: null,
          seat_count: null,
          slot_packs: null,
          credits: null,
          success_url: returnUrl,
          cancel_url: returnUrl,
          status: 'open',
          created_at: now,
          expires_at: now + PORTAL_LIFE_MS,
        })
      })
      return `${origin}/sandbox/portal#${id}`
    },
  }
}
