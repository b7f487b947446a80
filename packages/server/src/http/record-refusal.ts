import { ERROR_CATALOGUE } from '@snoop/sdk/contract'
import { describeActor } from '../domain/audit/record-act'
import type { DomainContext } from '../domain/domain-context'
import type { DomainError } from '../domain/domain-error'
import type { Actor } from '../domain/principals/actor'
import type { Route } from './dialect'

/** As the contract has them; a path may hold anything else. */
const ID = /^[A-Za-z0-9_-]{1,64}$/

/** The ids in the path besides the organization's: what the refused act was to be done to. */
const targetOf = ({
  organizationId: _organization,
  role: _role,
  ...others
}: Readonly<Record<string, string>>): string | undefined => {
  const ids = Object.values(others).filter(value => ID.test(value))
  return ids.length > 0 ? ids.join(' ') : undefined
}

/** A caller that we know was not let in, or may not do what it asked for: its organization's audit log tells of it. */
export const recordRefusal = (
  { refusals }: DomainContext,
  actor: Actor | undefined,
  { name, endpoint }: Route,
  params: Readonly<Record<string, string>>,
  { code }: DomainError,
): void => {
  const { organizationId } = params
  const { kind } = endpoint.access
  const target = targetOf(params)
  if (!actor || (kind !== 'organization' && kind !== 'home') || organizationId === undefined) return
  if (ERROR_CATALOGUE[code].status !== 403) return
  refusals.record({
    by: describeActor(actor),
    organizationId,
    action: 'access.refused',
    outcome: 'refused',
    resource: { type: 'endpoint', id: name },
    details: { code, ...(target !== undefined && { target }) },
  })
}
