import type { Stores } from '../../../storage/storage'
import type { CheckoutRow } from '../../../storage/stores/checkout-store'
import type { DomainContext } from '../../domain-context'
import { DomainError } from '../../domain-error'
import { isLive } from '../../plans/decide-plan'
import { findSubscription } from '../../plans/find-subscription'
import type { SubscriptionState } from '../payment-provider'
import { syncSubscription } from '../sync-subscription'
import { assertCardPays, type SandboxCard } from './sandbox-card'
import { priceOfPeriod } from './sandbox-price'
import { changeSandboxCard, sandboxStateAt } from './sandbox-subscription'

/** What the page of the portal shows. */
export interface SandboxPortal {
  readonly organizationName: string
  readonly subscription: SubscriptionState
  /** For a period, in US cents. */
  readonly amount: number
  readonly returnUrl: string
}

/** What can be changed there; what is undefined stays. */
export interface SandboxPortalChange {
  readonly card: SandboxCard | undefined
  readonly cancelAtPeriodEnd: boolean | undefined
}

const notFound = () => new DomainError('NOT_FOUND', { message: 'This page has ended; open the portal again' })

const find = async ({ storage, clock }: DomainContext, sessionId: string): Promise<CheckoutRow> => {
  const row = await storage.checkouts.findById(sessionId)
  if (row?.provider !== 'sandbox' || row.kind !== 'portal' || row.expires_at <= clock()) throw notFound()
  return row
}

const show = async (
  context: DomainContext,
  stores: Stores,
  { organization_id, success_url }: CheckoutRow,
): Promise<SandboxPortal> => {
  const organization = await stores.organizations.lock(organization_id)
  const row = await findSubscription(context, stores, organization_id)
  if (!organization || !row) throw notFound()
  const subscription = sandboxStateAt(row, context.clock())
  return {
    organizationName: organization.name,
    subscription,
    amount: priceOfPeriod(subscription),
    returnUrl: success_url,
  }
}

/** @throws DomainError NOT_FOUND, also an hour after it was opened */
export const getSandboxPortal = async (context: DomainContext, sessionId: string): Promise<SandboxPortal> => {
  const session = await find(context, sessionId)
  return context.storage.transaction(stores => show(context, stores, session))
}

/** @throws DomainError NOT_FOUND as above; CONFLICT if the card is declined, or the subscription is over */
export const changeAtSandboxPortal = async (
  context: DomainContext,
  sessionId: string,
  { card, cancelAtPeriodEnd }: SandboxPortalChange,
): Promise<SandboxPortal> => {
  const { storage, clock } = context
  const session = await find(context, sessionId)
  const organizationId = session.organization_id
  if (card !== undefined) assertCardPays(card)
  if (!isLive(await findSubscription(context, storage, organizationId)))
    throw new DomainError('CONFLICT', { message: 'This subscription is over; buy a new one' })
  await syncSubscription(context, {
    organizationId,
    actor: undefined,
    ask: async held => {
      const now = clock()
      const withCard = card === undefined ? sandboxStateAt(held, now) : changeSandboxCard(held, card, now)
      return { ...withCard, cancelAtPeriodEnd: cancelAtPeriodEnd ?? withCard.cancelAtPeriodEnd }
    },
  })
  return getSandboxPortal(context, sessionId)
}
