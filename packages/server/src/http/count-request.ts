import { normalizeEmail, RATE_LIMITS, type RateLimitGroup } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain/domain-context'
import { DomainError } from '../domain/domain-error'
import type { Membership } from '../domain/principals/enter'
import type { Principal } from '../domain/principals/principal'
import type { RateLimitVerdict } from '../domain/rate-limits/decide-rate-limit'
import type { Allowance, Route } from './dialect'
import type { RequestLimits } from './rate-limit'
import type { ValidInput } from './read-input'

/** Whoever is let in is counted by the limits of the surface, and only who is not by address. */
const hasOwnLimits = (route: Route | undefined): boolean =>
  route?.dialect.countsBeforePath === true && route.endpoint.access.kind !== 'public'

/** The endpoint's own window, if it is counted in this way. */
const groupCountedBy = (
  route: Route | undefined,
  ...ways: readonly (typeof RATE_LIMITS)[RateLimitGroup]['countedBy'][]
): RateLimitGroup | undefined => {
  const group = route?.endpoint.rateLimit
  if (!group || group === 'exempt') return undefined
  return ways.includes(RATE_LIMITS[group].countedBy) ? group : undefined
}

/** First of all, whoever calls. @throws DomainError RATE_LIMIT_ERROR */
export const countByAddress = (limits: RequestLimits, route: Route | undefined): void => {
  if (route?.endpoint.rateLimit === 'exempt' || hasOwnLimits(route)) limits.showGlobal()
  else limits.takeGlobal()
  const group = groupCountedBy(route, 'path', 'group')
  if (!route || !group) return
  limits.take(group, RATE_LIMITS[group].countedBy === 'path' ? route.endpoint.path : '')
}

/**
 * Who is not let in where others are not counted by address: it may be guessing, and what refuses it costs something.
 * @throws DomainError RATE_LIMIT_ERROR
 */
export const countRefusal = (limits: RequestLimits, route: Route, refusal: unknown): void => {
  // An outage is nobody's guess.
  if (hasOwnLimits(route) && refusal instanceof DomainError) limits.takeGlobal()
}

/** The key's own limit, unless an allowance is to be counted before it. @throws DomainError RATE_LIMIT_ERROR */
export const countKey = (
  limits: RequestLimits,
  { dialect }: Route,
  principal: Principal | undefined,
): Promise<void> | undefined => (principal && !dialect.findAllowance ? limits.takeKey(principal) : undefined)

/**
 * The limits that only surfaces have; undefined at once elsewhere.
 * @returns what is left of the organization's allowance
 * @throws DomainError RATE_LIMIT_ERROR, and why the organization may not call at all
 */
export const countOnSurface = (
  domain: DomainContext,
  limits: RequestLimits,
  route: Route,
  principal: Principal | undefined,
  tenant: Membership | undefined,
): Promise<RateLimitVerdict | undefined> | undefined =>
  principal && route.dialect.countsBeforePath
    ? countCaller(domain, limits, route, principal, tenant)
    : undefined

const takeAllowance = async (limits: RequestLimits, route: Route, allowance: Allowance) => {
  if (allowance.refusal) countRefusal(limits, route, allowance.refusal)
  return limits.takeAllowance(allowance)
}

const countCaller = async (
  domain: DomainContext,
  limits: RequestLimits,
  route: Route,
  principal: Principal,
  tenant: Membership | undefined,
): Promise<RateLimitVerdict | undefined> => {
  const { dialect } = route
  let allowance: RateLimitVerdict | undefined
  if (dialect.findAllowance) {
    if (tenant) allowance = await takeAllowance(limits, route, await dialect.findAllowance(domain, tenant))
    await limits.takeKey(principal)
  }
  const group = groupCountedBy(route, 'user')
  if (group) await limits.takeUser(group, principal.userId)
  else if (!allowance && !hasKeyLimit(principal)) limits.takeGlobal()
  return allowance
}

const hasKeyLimit = (principal: Principal): boolean =>
  principal.kind === 'apiKey' && principal.rateLimit !== null

/** By address and e-mail address together, known only once the body is read. @throws DomainError RATE_LIMIT_ERROR */
export const countByMailAddress = (limits: RequestLimits, route: Route, { body }: ValidInput): void => {
  const group = groupCountedBy(route, 'mailAddress')
  if (group) limits.take(group, normalizeEmail(String(body?.email)))
}
