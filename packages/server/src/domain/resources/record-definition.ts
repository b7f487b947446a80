import type { ResourceDefinition } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'

/** Records what was done to a definition, by the names in it alone. Call it last in the transaction of the act. */
export const recordDefinition = (
  context: DomainContext,
  stores: Stores,
  actor: Actor,
  organizationId: string,
  action: 'resource.created' | 'resource.updated',
  { name, fields }: ResourceDefinition,
): Promise<void> =>
  recordAct(context, stores, actor, {
    organizationId,
    action,
    resource: { type: 'resource', id: name },
    details: { fields: fields.map(field => field.name) },
  })
