import type { AuditAction } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { isLive } from '../plans/decide-plan'
import { readSubscription } from '../plans/find-subscription'
import type { Actor } from '../principals/actor'
import type { SubscriptionState } from './payment-provider'

/** Whom a subscription is of, and what is known of it so far. */
export interface Subscriber {
  readonly organizationId: string
  readonly customerId: string | null
  /** As it was when its provider was asked; undefined: there is none. */
  readonly held: SubscriptionRow | undefined
}

const toRow = (
  { payments, clock }: DomainContext,
  { organizationId, customerId, held }: Subscriber,
  state: SubscriptionState,
): SubscriptionRow => ({
  organization_id: organizationId,
  provider: payments.name,
  customer_id: customerId,
  subscription_id: state.subscriptionId,
  tier_id: state.tierId,
  billing_interval: state.interval,
  seat_count: state.seatCount,
  slot_packs: state.slotPacks,
  status: state.status,
  current_period_start: state.currentPeriodStart,
  current_period_end: state.currentPeriodEnd,
  cancel_at_period_end: state.cancelAtPeriodEnd ? 1 : 0,
  sandbox_card: state.sandboxCard,
  sync_generation: held?.sync_generation ?? 0,
  created_at: state.startedAt,
  updated_at: clock(),
})

const differs = (
  before: SubscriptionRow | undefined,
  after: SubscriptionRow,
  columns: readonly (keyof SubscriptionRow)[],
): boolean => columns.some(column => before?.[column] !== after[column])

const ALL_OF_IT = [
  'provider',
  'customer_id',
  'subscription_id',
  'tier_id',
  'billing_interval',
  'seat_count',
  'slot_packs',
  'status',
  'current_period_start',
  'current_period_end',
  'cancel_at_period_end',
  'sandbox_card',
  'created_at',
] as const satisfies readonly (keyof SubscriptionRow)[]
/** That it was renewed is nothing that anybody did. */
const WORTH_TELLING = [
  'tier_id',
  'billing_interval',
  'seat_count',
  'slot_packs',
  'status',
  'cancel_at_period_end',
] as const satisfies readonly (keyof SubscriptionRow)[]

/** What the audit log calls the way from one state to the other. Both as they stand now. Pure. */
const nameChange = (before: SubscriptionRow | undefined, after: SubscriptionRow): AuditAction | undefined => {
  if (!isLive(before)) return isLive(after) ? 'subscription.started' : undefined
  if (!isLive(after)) return 'subscription.ended'
  if (before.subscription_id !== after.subscription_id) return 'subscription.started'
  return differs(before, after, WORTH_TELLING) ? 'subscription.updated' : undefined
}

/**
 * Writes down what a provider says of a subscription: the one place where that is done. The organization must be locked.
 * Nothing may follow it in the transaction.
 * @param actor who changed it; undefined: the provider
 * @returns false if the provider was asked again meanwhile: its newer answer counts, and the transaction must be undone
 */
export const applySubscription = async (
  context: DomainContext,
  stores: Stores,
  actor: Actor | undefined,
  subscriber: Subscriber,
  state: SubscriptionState,
): Promise<boolean> => {
  const { held, organizationId } = subscriber
  const row = toRow(context, subscriber, state)
  if (differs(held, row, ALL_OF_IT) && !(await stores.subscriptions.put(row))) return false
  const change = nameChange(readSubscription(context, held), row) ?? (actor && 'subscription.updated')
  if (!change) return true
  await recordAct(context, stores, actor, {
    organizationId,
    action: change,
    resource: { type: 'subscription', id: state.subscriptionId },
    details: {
      tierId: state.tierId,
      interval: state.interval,
      seatCount: state.seatCount,
      slotPacks: state.slotPacks,
      status: state.status,
      cancelAtPeriodEnd: state.cancelAtPeriodEnd,
    },
  })
  return true
}
