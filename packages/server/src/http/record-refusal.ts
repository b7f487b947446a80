import { ERROR_CATALOGUE } from '@snoop/sdk/contract'
import { describeActor } from '../domain/audit/record-act'
import type { DomainContext } from '../domain/domain-context'
import type { DomainError } from '../domain/domain-error'
import type { Actor } from '../domain/principals/actor'
import type { Route } from './dialect'

/** A caller that we know was not let in, or may not do what it asked for: its organization's audit log tells of it. */
export const recordRefusal = (
  { refusals }: DomainContext,
  actor: Actor | undefined,
  { name, endpoint }: Route,
  organizationId: string | undefined,
  { code }: DomainError,
): void => {
  if (!actor || endpoint.access.kind !== 'organization' || organizationId === undefined) return
  if (ERROR_CATALOGUE[code].status !== 403) return
  refusals.record({
    by: describeActor(actor),
    organizationId,
    action: 'access.refused',
    outcome: 'refused',
    resource: { type: 'endpoint', id: name },
    details: { code },
  })
}
