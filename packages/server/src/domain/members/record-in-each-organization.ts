import type { AuditAction } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import { type AuditContext, recordAct } from '../audit/record-act'
import type { Actor } from '../principals/actor'

/**
 * Records what became of a user in every organization that the user is a member of. Call it last in the transaction.
 * @param actor undefined: the server itself, or its operator
 */
export const recordInEachOrganization = async (
  context: AuditContext,
  stores: Stores,
  actor: Actor | undefined,
  userId: string,
  action: AuditAction,
): Promise<void> => {
  // In the order of their ids, so that of two such transactions neither waits for the other in a circle.
  for (const { organization_id, id } of await stores.memberships.listOfUserByOrganization(userId)) {
    await recordAct(context, stores, actor, {
      organizationId: organization_id,
      action,
      resource: { type: 'member', id },
      details: { userId },
    })
  }
}
