import type { Stores } from '../../storage/storage'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'

/** Credits that were paid for. */
export interface BoughtCredits {
  readonly organizationId: string
  readonly credits: number
  /** Counts once, however often it is told of. */
  readonly checkoutId: string
}

/** Adds to the balance. Nothing may follow it in the transaction. */
export const addCredits = async (
  context: DomainContext,
  stores: Stores,
  { organizationId, credits, checkoutId }: BoughtCredits,
): Promise<void> => {
  const isNew = await stores.creditEntries.insert({
    organization_id: organizationId,
    id: context.newId(),
    amount: credits,
    reference: checkoutId,
    created_at: context.clock(),
  })
  if (!isNew) return
  await recordAct(context, stores, undefined, {
    organizationId,
    action: 'credits.purchased',
    resource: { type: 'credits', id: checkoutId },
    details: { credits },
  })
}
