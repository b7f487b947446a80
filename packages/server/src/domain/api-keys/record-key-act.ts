import type { Stores } from '../../storage/storage'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import { type Act, recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { settleClaim } from '../idempotency/settle-claim'
import type { AnyActor } from '../principals/actor'

/**
 * Records what was done to a key in the organization that it is pinned to; a key without one is nobody's business but its
 * owner's. Call it last in the transaction of the act: it settles the claim of the request in both cases.
 */
export const recordKeyAct = async (
  context: DomainContext,
  stores: Stores,
  actor: AnyActor,
  { id, organization_id }: Pick<ApiKeyRow, 'id' | 'organization_id'>,
  action: 'api_key.created' | 'api_key.updated' | 'api_key.revoked' | 'api_key.rotated',
  details: NonNullable<Act['details']>,
): Promise<void> => {
  if (organization_id !== null) {
    const resource = { type: 'api_key', id } as const
    await recordAct(context, stores, actor, { organizationId: organization_id, action, resource, details })
  } else if (actor.claim) await settleClaim(stores, actor.claim)
}
