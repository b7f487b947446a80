import { KEY_FORMAT_NAMES, type KeyFormat, type PermissionMap, SCOPES, type Scope } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { DomainError } from '../domain-error'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { keyRateLimit } from '../principals/resolve-api-key'
import type { ApiKeyRow } from '../records'
import type { IssuedApiKey } from './create-api-key'
import { isWithinMap } from './is-within-map'
import { revokeApiKey } from './revoke-api-key'
import { rotateApiKey } from './rotate-api-key'
import { updateApiKey } from './update-api-key'

const HOUR = 3600
const MAPS: readonly (PermissionMap | null | undefined)[] = [
  undefined,
  null,
  {},
  { posts: { read: ['title'] } },
  { posts: { read: ['body'], create: ['title'] } },
]
const STOLEN_MAP: PermissionMap = { posts: { read: ['title'] } }
const FORMATS: readonly KeyFormat[] = ['ba', 'ba', 'ba', ...KEY_FORMAT_NAMES]
const refill = fc.option(
  fc.record({
    refillAmount: fc.integer({ min: 1, max: 30 }),
    refillInterval: fc.constantFrom(1000, 60_000, 3600_000),
  }),
  { nil: undefined },
)
const REQUEST_KEYS = ['request-1', 'request-2', undefined]

/** What somebody may try. `target` is taken modulo the keys that there are; times are hours. */
const steps = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    format: fc.constantFrom(...FORMATS),
    permissions: fc.constantFrom(...MAPS),
    refill,
    scopes: fc.subarray([...SCOPES], { minLength: 6 }),
    hours: fc.option(fc.integer({ min: 1, max: 30 })),
    pin: fc.nat(2),
    max: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    window: fc.option(fc.constantFrom(1000, 60_000, 3600_000), { nil: undefined }),
    limited: fc.option(fc.boolean(), { nil: undefined }),
  }),
  fc.record({
    do: fc.constant('update' as const),
    target: fc.nat(),
    permissions: fc.constantFrom(...MAPS),
    refill,
    hours: fc.option(fc.option(fc.integer({ min: -1, max: 30 })), { nil: undefined }),
    max: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    window: fc.option(fc.constantFrom(1000, 60_000, 3600_000), { nil: undefined }),
    limited: fc.option(fc.boolean(), { nil: undefined }),
    enabled: fc.option(fc.boolean(), { nil: undefined }),
  }),
  fc.record({
    do: fc.constant('rotate' as const),
    target: fc.nat(),
    grace: fc.integer({ min: 0, max: 10 }),
    hours: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    requestKey: fc.constantFrom(...REQUEST_KEYS),
  }),
  fc.record({ do: fc.constant('revoke' as const), target: fc.nat() }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 5 }) }),
)
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never

describeOnEachEngine('whatever is done with keys', (open, engine) => {
  const runs = { numRuns: engine === 'sqlite' ? 60 : 25, interruptAfterTimeLimit: 3500 }
  const keyIds = async ({ engine: { db } }: TestDomain, userId: string): Promise<ApiKeyRow[]> =>
    db.selectFrom('api_keys').selectAll().where('user_id', '=', userId).orderBy('id').execute()

  /** Does it as `by`, or is refused. @returns the secret that came of it, if one did */
  const take = async (
    domain: TestDomain,
    by: Principal,
    step: Step,
    pins: readonly string[],
  ): Promise<IssuedApiKey | undefined> => {
    const { context } = domain
    const all = await keyIds(domain, by.userId)
    const id = 'target' in step ? (all[step.target % Math.max(1, all.length)]?.id ?? 'ak_none') : ''
    try {
      switch (step.do) {
        case 'create': {
          const organizationId = pins[step.pin]
          return await domain.createKey(by, {
            format: step.format,
            scopes: step.format === 'ba' ? step.scopes : [],
            permissions: step.permissions ?? null,
            ...step.refill,
            expiresInSeconds: step.hours && step.hours * HOUR,
            metadata: organizationId === undefined ? null : { organizationId },
            rateLimitMax: step.max,
            rateLimitTimeWindow: step.window,
            rateLimitEnabled: step.limited,
          })
        }
        case 'update':
          await updateApiKey(context, actorOf(by), id, {
            permissions: step.permissions,
            ...step.refill,
            expiresAt: step.hours && domain.now() + step.hours * HOUR * 1000,
            rateLimitMax: step.max,
            rateLimitTimeWindow: step.window,
            rateLimitEnabled: step.limited,
            enabled: step.enabled,
          })
          return undefined
        case 'rotate':
          return await rotateApiKey(context, actorOf(by), {
            keyId: id,
            gracePeriodSeconds: step.grace * HOUR,
            expiresInSeconds: step.hours && step.hours * HOUR,
            requestKey: step.requestKey,
          })
        case 'revoke':
          await revokeApiKey(context, actorOf(by), id)
          return undefined
        case 'wait':
          return void domain.advance(step.hours * HOUR * 1000)
      }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return undefined
    }
  }

  it('a rotation lengthens no life, and a line of keys never has more than two live secrets', async () => {
    const db = await open()
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), async plan => {
        const domain = createTestDomain(db, { maxKeysPerAccount: 4 })
        const owner = await domain.signUp()
        const pins = [await domain.foundOrganization({ [owner.userId]: 'owner' })]
        const issued: { readonly key: string; readonly id: string }[] = []
        for (const step of plan) {
          const before = new Map((await keyIds(domain, owner.userId)).map(row => [row.id, row]))
          const result = await take(domain, owner, step, pins)
          if (result) issued.push({ key: result.key, id: result.row.id })
          const after = await keyIds(domain, owner.userId)
          if (step.do === 'rotate') expectNoLongerLife(before, after, step.hours !== undefined)

          const live: string[] = []
          for (const { key, id } of issued) if (await domain.isAccepted(key)) live.push(id)
          const lineOf = (id: string): string => {
            const older = after.find(row => row.rotated_to === id)
            return older ? lineOf(older.id) : id
          }
          const lines = live.map(lineOf)
          for (const line of lines)
            expect(lines.filter(other => other === line).length).toBeLessThanOrEqual(2)
          expect(new Set(live).size).toBe(live.length)
          const format = (id: string) => after.find(row => row.id === id)?.format
          for (const name of KEY_FORMAT_NAMES) {
            const ofFormat = new Set(lines.filter(line => format(line) === name))
            expect(ofFormat.size).toBeLessThanOrEqual(name === 'snt' ? 1 : 4)
          }
          expect(live.filter(id => format(id) === 'snt').length).toBeLessThanOrEqual(1)
        }
      }),
      runs,
    )
  })

  const expectNoLongerLife = (before: Map<string, ApiKeyRow>, after: ApiKeyRow[], isGivenLife: boolean) => {
    const end = (row: ApiKeyRow | undefined) => row?.expires_at ?? Number.POSITIVE_INFINITY
    for (const row of after) {
      const earlier = before.get(row.id)
      const predecessor = after.find(({ rotated_to }) => rotated_to === row.id)
      if (earlier) expect(end(row)).toBeLessThanOrEqual(end(earlier))
      else if (!isGivenLife) expect(end(row)).toBe(end(before.get(predecessor?.id ?? '')))
    }
  }

  it('a stolen key ends when it would have, with all that the thief made of it, and was never more than itself', async () => {
    const db = await open()
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), fc.nat(2), async (plan, pin) => {
        const domain = createTestDomain(db, { maxKeysPerAccount: 8 })
        const owner: SessionPrincipal = await domain.signUp()
        const pins = [
          await domain.foundOrganization({ [owner.userId]: 'owner' }),
          await domain.foundOrganization({ [owner.userId]: 'owner' }),
        ]
        const pinTo = (organizationId: string | undefined) => (organizationId ? { organizationId } : null)
        // Keys of the owner that the thief may try to get hold of: wider, longer, pinned elsewhere, rotated by request.
        await domain.createKey(owner)
        await domain.createKey(owner, { metadata: pinTo(pins[1]), expiresInSeconds: 40 * HOUR })
        const { row: rotated } = await domain.createKey(owner)
        const rotation = { gracePeriodSeconds: 0, expiresInSeconds: undefined, requestKey: 'request-1' }
        await rotateApiKey(domain.context, actorOf(owner), { keyId: rotated.id, ...rotation })
        const stolen = await domain.createKey(owner, {
          scopes: SCOPES.filter(scope => scope !== 'subscription:write'),
          permissions: STOLEN_MAP,
          expiresInSeconds: 24 * HOUR,
          rateLimitMax: 10,
          rateLimitTimeWindow: 60_000,
          metadata: pinTo(pins[pin]),
        })
        const rowsOf = async (ids: ReadonlySet<string>) =>
          (await keyIds(domain, owner.userId)).filter(({ id }) => ids.has(id))
        const ownersBefore = (await keyIds(domain, owner.userId)).filter(({ id }) => id !== stolen.row.id)
        const loot = new Map([[stolen.key, stolen.row.id]])

        for (const step of plan) {
          for (const key of [...loot.keys()].reverse()) {
            const thief = await domain.principalOf(key).catch(() => undefined)
            if (!thief) continue
            const made = await take(domain, thief, step, pins)
            if (made) loot.set(made.key, made.row.id)
            break
          }
        }

        for (const row of await rowsOf(new Set(loot.values()))) {
          const scopes = JSON.parse(row.scopes) as Scope[]
          const limit = keyRateLimit(row)
          expect(scopes).not.toContain('subscription:write')
          if (stolen.row.organization_id) expect(row.organization_id).toBe(stolen.row.organization_id)
          expect(row.expires_at).toBeLessThanOrEqual(stolen.row.expires_at ?? 0)
          expect(limit?.max).toBeLessThanOrEqual(10)
          if (!limit) throw new Error('a key without a limit came of one with a limit')
          const { max, windowMs, refill: bucket } = limit
          const rate = bucket ? bucket.amount / bucket.intervalMs : max / windowMs
          expect(rate).toBeLessThanOrEqual(10 / 60_000)
          expect(row.format).toBe('ba')
          const map = row.permissions === null ? null : (JSON.parse(row.permissions) as PermissionMap)
          expect(isWithinMap(map, STOLEN_MAP)).toBe(true)
        }
        for (const now of await rowsOf(new Set(ownersBefore.map(({ id }) => id)))) {
          const then = ownersBefore.find(({ id }) => id === now.id)
          expect(now.organization_id).toBe(then?.organization_id)
          expect(now.scopes).toBe(then?.scopes)
          expect([now.format, now.permissions]).toEqual([then?.format, then?.permissions])
          expect(now.expires_at ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
            then?.expires_at ?? Number.POSITIVE_INFINITY,
          )
        }
        domain.advance(Math.max(0, (stolen.row.expires_at ?? 0) - domain.now()))
        for (const key of loot.keys()) expect(await domain.isAccepted(key)).toBe(false)
      }),
      runs,
    )
  })
})
