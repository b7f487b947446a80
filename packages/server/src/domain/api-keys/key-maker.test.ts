import { type PermissionMap, SCOPES } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainError } from '../domain-error'
import type { ApiKeyPrincipal, SessionPrincipal } from '../principals/principal'
import { decideRateLimit, type RateLimitRule, type RateLimitWindow } from '../rate-limits/decide-rate-limit'
import type { SessionRow } from '../records'
import { isWithinMap } from './is-within-map'
import { assertWithinMaker, type KeyRights } from './key-maker'

const maker = (rights: KeyRights): ApiKeyPrincipal => ({
  kind: 'apiKey',
  userId: 'user',
  credentialId: 'ak_maker',
  format: rights.format,
  permissions: rights.permissions,
  scopes: rights.scopes,
  pinnedOrganizationId: rights.organizationId,
  rateLimit: rights.rateLimit,
  limiterSubject: 'ak_maker',
  expiresAt: rights.expiresAt,
})
const session: SessionPrincipal = {
  kind: 'session',
  userId: 'user',
  credentialId: 'session',
  scopes: SCOPES,
  pinnedOrganizationId: null,
  session: {} as SessionRow,
  isFresh: true,
  isRenewed: false,
}

const refusal = (principal: ApiKeyPrincipal | SessionPrincipal, rights: KeyRights): string | undefined => {
  try {
    assertWithinMaker(principal, rights, 'expiresIn')
    return undefined
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return error.detail.fields?.[0]?.field ?? error.code
  }
}

const rules = fc.record({ max: fc.integer({ min: 1, max: 9 }), windowMs: fc.integer({ min: 1, max: 9 }) })
const buckets = fc
  .record({
    max: fc.integer({ min: 1, max: 9 }),
    amount: fc.nat(8),
    intervalMs: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ max, amount, intervalMs }) => ({
    max,
    windowMs: 1,
    refill: { amount: 1 + (amount % max), intervalMs },
  }))
const anyRules: fc.Arbitrary<RateLimitRule> = fc.oneof(rules, buckets)
/** All lengths of windows and intervals divide it. */
const ROUND_MS = 9 * 8 * 7 * 5
const anyMaps = fc.constantFrom<PermissionMap | null>(
  null,
  {},
  { posts: { read: ['title'] } },
  { posts: { read: ['title', 'body'] }, comments: { delete: [] } },
)
const anyRights: fc.Arbitrary<KeyRights> = fc.record({
  format: fc.constant('ba' as const),
  permissions: anyMaps,
  scopes: fc.subarray([...SCOPES]),
  organizationId: fc.constantFrom(null, 'org-1', 'org-2'),
  expiresAt: fc.option(fc.integer({ min: 1, max: 5 })),
  rateLimit: fc.option(anyRules),
})

/** How many of a burst of requests at each of these times are let through, counted from a time on. */
const passed = (rule: RateLimitRule, times: readonly number[], from = 0): number => {
  let window: RateLimitWindow | undefined
  let count = 0
  for (const now of times) {
    for (let request = 0; request < 10; request++) {
      const decision = decideRateLimit(rule, window, now, 1)
      window = decision.window
      if (!decision.verdict.allowed) break
      if (now >= from) count++
    }
  }
  return count
}
const longRun = ({ max, windowMs, refill }: RateLimitRule): number =>
  refill ? refill.amount / refill.intervalMs : max / windowMs

describe('what a key may bring forth', () => {
  it('is never more than the key itself in scopes, pin, life or rate', () => {
    fc.assert(
      fc.property(anyRights, anyRights, (own, child) => {
        const isWithin = refusal(maker(own), child) === undefined
        const isSubset =
          child.scopes.every(scope => own.scopes.includes(scope)) &&
          (own.organizationId === null || child.organizationId === own.organizationId) &&
          (child.expiresAt ?? Number.POSITIVE_INFINITY) <= (own.expiresAt ?? Number.POSITIVE_INFINITY) &&
          (own.rateLimit === null ||
            (child.rateLimit !== null &&
              child.rateLimit.max <= own.rateLimit.max &&
              longRun(child.rateLimit) <= longRun(own.rateLimit))) &&
          isWithinMap(child.permissions, own.permissions)
        expect(isWithin).toBe(isSubset)
      }),
      { numRuns: 5000 },
    )
  })

  it('lets no more requests through than the key could have made: at once, and in the long run', () => {
    const everyMs = Array.from({ length: 2 * ROUND_MS }, (_, now) => now)
    let within = 0
    fc.assert(
      fc.property(anyRules, anyRules, (own, child) => {
        const rights = {
          format: 'ba' as const,
          permissions: null,
          scopes: [],
          organizationId: null,
          expiresAt: null,
        }
        const isWithin =
          refusal(maker({ ...rights, rateLimit: own }), { ...rights, rateLimit: child }) === undefined
        const atOnce = passed(child, [0]) <= passed(own, [0])
        // The first round has what was saved up before; from then on it is always the same.
        const settled = passed(child, everyMs, ROUND_MS) <= passed(own, everyMs, ROUND_MS)
        if (isWithin) within++
        expect(isWithin).toBe(atOnce && settled)
      }),
      { numRuns: 200 },
    )
    expect(within).toBeGreaterThan(0)
  })

  it('is nothing for a key of another format, and no key of another format', () => {
    const rights: KeyRights = {
      format: 'ba',
      permissions: null,
      scopes: [],
      organizationId: null,
      expiresAt: null,
      rateLimit: null,
    }
    for (const format of ['snpy', 'snt', 'sna'] as const) {
      expect(refusal(maker(rights), { ...rights, format })).toBe('NO_PERMISSIONS')
      expect(refusal(maker({ ...rights, format }), rights)).toBe('NO_PERMISSIONS')
      expect(refusal(maker({ ...rights, format }), { ...rights, format })).toBe('NO_PERMISSIONS')
      expect(refusal(session, { ...rights, format })).toBeUndefined()
    }
  })

  it.each<[string, Partial<KeyRights>, string]>([
    ['a scope that it lacks', { scopes: ['user:read', 'user:write'] }, 'API_KEY_MISSING_SCOPES'],
    ['no pin', { organizationId: null }, 'FORBIDDEN'],
    ['another pin', { organizationId: 'org-2' }, 'FORBIDDEN'],
    ['no end', { expiresAt: null }, 'expiresIn'],
    ['a later end', { expiresAt: 101 }, 'expiresIn'],
    ['no limit', { rateLimit: null }, 'rateLimitMax'],
    ['a higher limit', { rateLimit: { max: 11, windowMs: 2000 } }, 'rateLimitMax'],
    ['permissions that it lacks', { permissions: { posts: { update: [] } } }, 'permissions'],
    ['a field that it lacks', { permissions: { posts: { read: ['body'] } } }, 'permissions'],
    ['a shorter window', { rateLimit: { max: 10, windowMs: 999 } }, 'rateLimitMax'],
    [
      'a bucket that fills up faster',
      { rateLimit: { max: 1, windowMs: 1000, refill: { amount: 1, intervalMs: 99 } } },
      'rateLimitMax',
    ],
    [
      'a larger bucket that fills up as fast',
      { rateLimit: { max: 11, windowMs: 1000, refill: { amount: 1, intervalMs: 100 } } },
      'rateLimitMax',
    ],
    ['the same rate in a larger burst', { rateLimit: { max: 100, windowMs: 10_000 } }, 'rateLimitMax'],
  ])('is refused for %s, and the answer names it', (_what, wider, name) => {
    const own: KeyRights = {
      format: 'ba',
      permissions: { posts: { read: ['title'] } },
      scopes: ['user:read'],
      organizationId: 'org-1',
      expiresAt: 100,
      rateLimit: { max: 10, windowMs: 1000 },
    }
    expect(refusal(maker(own), own)).toBeUndefined()
    expect(refusal(maker(own), { ...own, ...wider })).toBe(name)
    expect(refusal(session, { ...own, ...wider })).toBeUndefined()
  })
})
