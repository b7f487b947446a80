import { ERROR_CATALOGUE } from '@snoop/sdk/contract'
import { describeActor } from '../domain/audit/record-act'
import type { DomainContext } from '../domain/domain-context'
import type { DomainError } from '../domain/domain-error'
import type { Actor } from '../domain/principals/actor'
import { findHomeOrganization } from '../domain/principals/find-home-organization'
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

/** Where a path names none: the one in which the caller would have acted. */
const recordAtHome = async (
  domain: DomainContext,
  actor: Actor,
  route: Route,
  params: Readonly<Record<string, string>>,
  error: DomainError,
): Promise<void> => {
  const organizationId = await findHomeOrganization(domain, actor.principal)
  if (organizationId !== undefined) recordRefusal(domain, actor, route, { ...params, organizationId }, error)
}

/** A caller that we know was not let in, or may not do what it asked for: its organization's audit log tells of it. */
export const recordRefusal = (
  domain: DomainContext,
  actor: Actor | undefined,
  route: Route,
  params: Readonly<Record<string, string>>,
  error: DomainError,
): void => {
  const { name, endpoint } = route
  const { organizationId } = params
  const { kind } = endpoint.access
  const { code } = error
  const target = targetOf(params)
  if (!actor || (kind !== 'organization' && kind !== 'home') || ERROR_CATALOGUE[code].status !== 403) return
  if (organizationId === undefined) {
    if (kind === 'organization') return
    const logFailure = (err: unknown) =>
      domain.logger.error({ err, event: 'refusal.not_recorded' }, 'could not record a refusal')
    void recordAtHome(domain, actor, route, params, error).catch(logFailure)
    return
  }
  domain.refusals.record({
    by: describeActor(actor),
    organizationId,
    action: 'access.refused',
    outcome: 'refused',
    resource: { type: 'endpoint', id: name },
    details: { code, ...(target !== undefined && { target }) },
  })
}
