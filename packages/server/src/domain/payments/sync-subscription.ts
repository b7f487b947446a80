import type { Stores } from '../../storage/storage'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Actor } from '../principals/actor'
import { applySubscription } from './apply-subscription'
import type { SubscriptionState } from './payment-provider'

/** How often the provider is asked again because somebody else asked it meanwhile. */
const MAX_TRIES = 10
const RETRY_SECONDS = 2

/** One round of asking and writing. */
export interface Sync {
  readonly organizationId: string
  /** Undefined: the provider. */
  readonly actor: Actor | undefined
  /** Asks the provider, outside of any transaction. @returns undefined: none has begun */
  ask(held: SubscriptionRow): Promise<SubscriptionState | undefined>
  /** What belongs into the same transaction. @returns false: all of it has been done before */
  alongside?(stores: Stores): Promise<boolean>
}

/** Undoes a transaction whose answer is no longer the newest. */
class Superseded extends Error {}

const write = async (
  context: DomainContext,
  { organizationId, actor, alongside }: Sync,
  held: SubscriptionRow,
  state: SubscriptionState | undefined,
): Promise<boolean> => {
  try {
    await context.storage.transaction(async stores => {
      const organization = await stores.organizations.lock(organizationId)
      if (!organization || (alongside && !(await alongside(stores))) || !state) return
      const subscriber = { organizationId, customerId: held.customer_id, held }
      if (!(await applySubscription(context, stores, actor, subscriber, state))) throw new Superseded()
    })
    return true
  } catch (error) {
    if (error instanceof Superseded) return false
    throw error
  }
}

/**
 * Brings the row of a subscription in line with its provider. Any number may run at once, for whatever reason: the answer
 * to the latest question is what stays. An organization without a row has nothing to be asked for.
 * @throws DomainError SERVICE_UNAVAILABLE if the provider is away, or others kept on asking; and what `ask` throws
 */
export const syncSubscription = async (context: DomainContext, sync: Sync): Promise<void> => {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const held = await context.storage.subscriptions.beginSync(sync.organizationId)
    if (!held) return
    if (await write(context, sync, held, await sync.ask(held))) return
  }
  throw new DomainError('SERVICE_UNAVAILABLE', {
    message: 'The subscription is being changed by somebody else; try again in a moment',
    detail: { retryAfterSeconds: RETRY_SECONDS },
  })
}
