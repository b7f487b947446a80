import { SCOPES } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainError } from '../domain-error'
import type { ApiKeyPrincipal, SessionPrincipal } from '../principals/principal'
import { decideRateLimit, type RateLimitRule, type RateLimitWindow } from '../rate-limits/decide-rate-limit'
import type { SessionRow } from '../records'
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
const anyRights: fc.Arbitrary<KeyRights> = fc.record({
  format: fc.constant('ba' as const),
  permissions: fc.constant(null),
  scopes: fc.subarray([...SCOPES]),
  organizationId: fc.constantFrom(null, 'org-1', 'org-2'),
  expiresAt: fc.option(fc.integer({ min: 1, max: 5 })),
  rateLimit: fc.option(rules),
})

/** How many of a burst of requests at each of these times are let through. */
const passed = (rule: RateLimitRule, times: readonly number[]): number => {
  let window: RateLimitWindow | undefined
  let count = 0
  for (const now of times) {
    for (let request = 0; request < 20; request++) {
      const decision = decideRateLimit(rule, window, now, 1)
      window = decision.window
      if (decision.verdict.allowed) count++
    }
  }
  return count
}

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
              child.rateLimit.max / child.rateLimit.windowMs <= own.rateLimit.max / own.rateLimit.windowMs))
        expect(isWithin).toBe(isSubset)
      }),
      { numRuns: 5000 },
    )
  })

  it('lets no more requests through than the key could have made: at once, and in the long run', () => {
    fc.assert(
      fc.property(rules, rules, (own, child) => {
        const rights = {
          format: 'ba' as const,
          permissions: null,
          scopes: [],
          organizationId: null,
          expiresAt: null,
        }
        fc.pre(refusal(maker({ ...rights, rateLimit: own }), { ...rights, rateLimit: child }) === undefined)
        expect(passed(child, [0])).toBeLessThanOrEqual(passed(own, [0]))
        const everyMs = Array.from({ length: 9 * 8 * 7 * 5 }, (_, now) => now)
        expect(passed(child, everyMs)).toBeLessThanOrEqual(passed(own, everyMs))
      }),
      { numRuns: 50 },
    )
  })

  it.each<[string, Partial<KeyRights>, string]>([
    ['a scope that it lacks', { scopes: ['user:read', 'user:write'] }, 'API_KEY_MISSING_SCOPES'],
    ['no pin', { organizationId: null }, 'FORBIDDEN'],
    ['another pin', { organizationId: 'org-2' }, 'FORBIDDEN'],
    ['no end', { expiresAt: null }, 'expiresIn'],
    ['a later end', { expiresAt: 101 }, 'expiresIn'],
    ['no limit', { rateLimit: null }, 'rateLimitMax'],
    ['a higher limit', { rateLimit: { max: 11, windowMs: 2000 } }, 'rateLimitMax'],
    ['a shorter window', { rateLimit: { max: 10, windowMs: 999 } }, 'rateLimitMax'],
    ['the same rate in a larger burst', { rateLimit: { max: 100, windowMs: 10_000 } }, 'rateLimitMax'],
  ])('is refused for %s, and the answer names it', (_what, wider, name) => {
    const own: KeyRights = {
      format: 'ba',
      permissions: null,
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
