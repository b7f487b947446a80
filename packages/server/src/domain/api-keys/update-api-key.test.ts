import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { listApiKeys } from './find-api-key'
import { revokeApiKey } from './revoke-api-key'
import { rotateApiKey } from './rotate-api-key'
import { type ApiKeyChange, updateApiKey } from './update-api-key'

describeOnEachEngine('changing a key', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
    owner = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const update = (id: string, change: ApiKeyChange, by: Principal = owner) =>
    updateApiKey(domain.context, actorOf(by), id, change)
  const refused = (code: string, field?: string) =>
    expect.objectContaining({
      code,
      ...(field && { detail: { fields: [expect.objectContaining({ field })] } }),
    })

  it('by nothing changes nothing but the time of it', async () => {
    const { row } = await domain.createKey(owner, { metadata: { organizationId, a: 1 }, rateLimitMax: 5 })
    domain.advance(10)
    expect(await update(row.id, {})).toEqual({ ...row, updated_at: domain.now() })
  })

  it('counts on the next request', async () => {
    const { row, key } = await domain.createKey(owner)
    await update(row.id, { enabled: false })
    expect(await domain.isAccepted(key)).toBe(false)
    await update(row.id, { enabled: true, rateLimitMax: 2, expiresAt: domain.now() + 5 })
    expect(await domain.principalOf(key)).toMatchObject({ expiresAt: domain.now() + 5 })
    domain.advance(5)
    expect(await domain.isAccepted(key)).toBe(false)
  })

  describe('never moves its pin', () => {
    it.each<[string, ApiKeyChange['metadata']]>([
      ['to another organization', { organizationId: 'another' }],
      ['to none by name', { organizationId: undefined, a: 1 }],
      ['by leaving it out', { a: 1 }],
      ['by taking the metadata away', null],
    ])('%s', async (_how, metadata) => {
      const { row } = await domain.createKey(owner, { metadata: { organizationId } })
      const isRefused = metadata?.organizationId === 'another'
      const change = update(row.id, { metadata })
      if (isRefused)
        await expect(change).rejects.toEqual(refused('VALIDATION_ERROR', 'metadata.organizationId'))
      else expect((await change).organization_id).toBe(organizationId)
      const kept = await update(row.id, {})
      expect(JSON.parse(kept.metadata ?? '{}').organizationId).toBe(organizationId)
    })

    it('into a key that has none', async () => {
      const { row } = await domain.createKey(owner)
      await expect(update(row.id, { metadata: { organizationId } })).rejects.toEqual(
        refused('VALIDATION_ERROR', 'metadata.organizationId'),
      )
      expect((await update(row.id, { metadata: { team: 'x' } })).metadata).toBe('{"team":"x"}')
      expect((await update(row.id, { metadata: null })).metadata).toBeNull()
    })
  })

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['revoked', id => revokeApiKey(domain.context, actorOf(owner), id)],
    ['expired', id => update(id, { expiresAt: domain.now() })],
    [
      'rotated',
      keyId =>
        rotateApiKey(domain.context, actorOf(owner), {
          keyId,
          gracePeriodSeconds: 3600,
          expiresInSeconds: undefined,
          requestKey: undefined,
        }),
    ],
  ])('is refused once it is %s', async (_state, end) => {
    const { row } = await domain.createKey(owner)
    await end(row.id)
    await expect(update(row.id, { expiresAt: null, enabled: true })).rejects.toEqual(refused('CONFLICT'))
  })

  describe('of its refill', () => {
    const bucket = { rateLimitMax: 10, refillAmount: 2, refillInterval: 5000 }

    it('gives it, changes a part of it, and takes it away', async () => {
      const { row, key } = await domain.createKey(owner, { rateLimitMax: 10 })
      const { id } = row
      expect(await update(id, { refillAmount: 2, refillInterval: 5000 })).toMatchObject({
        refill_amount: 2,
        refill_interval_ms: 5000,
      })
      expect(await update(id, { refillAmount: 10 })).toMatchObject({
        refill_amount: 10,
        refill_interval_ms: 5000,
      })
      expect(await update(id, { rateLimitTimeWindow: 1000 })).toMatchObject({ refill_amount: 10 })
      expect((await domain.principalOf(key)).rateLimit).toEqual({
        max: 10,
        windowMs: 1000,
        refill: { amount: 10, intervalMs: 5000 },
      })
      expect(await update(id, { refillAmount: null, refillInterval: null })).toMatchObject({
        refill_amount: null,
        refill_interval_ms: null,
      })
      expect((await domain.principalOf(key)).rateLimit).toEqual({ max: 10, windowMs: 1000 })
    })

    it.each<[string, ApiKeyChange, string]>([
      ['an interval without an amount', { refillAmount: null }, 'refillAmount'],
      ['an amount without an interval', { refillInterval: null }, 'refillInterval'],
      ['more than the bucket holds', { refillAmount: 11 }, 'refillAmount'],
      ['a bucket that holds less', { rateLimitMax: 1 }, 'refillAmount'],
    ])('is refused for %s', async (_what, change, field) => {
      const { row } = await domain.createKey(owner, bucket)
      await expect(update(row.id, change)).rejects.toEqual(refused('VALIDATION_ERROR', field))
      expect(await update(row.id, {})).toMatchObject({ refill_amount: 2, rate_limit_max: 10 })
    })

    it('is refused as half of one when the key is made', async () => {
      const made = (input: Parameters<TestDomain['createKey']>[1]) => domain.createKey(owner, input)
      await expect(made({ refillAmount: 1 })).rejects.toEqual(refused('VALIDATION_ERROR', 'refillInterval'))
      await expect(made({ refillInterval: 1000 })).rejects.toEqual(
        refused('VALIDATION_ERROR', 'refillAmount'),
      )
      await expect(made({ ...bucket, refillAmount: 11 })).rejects.toEqual(
        refused('VALIDATION_ERROR', 'refillAmount'),
      )
    })

    it('by a key is never faster or larger than its own', async () => {
      const { row, key } = await domain.createKey(owner, bucket)
      const maker = await domain.principalOf(key)
      for (const change of [
        { refillAmount: 3 },
        { refillInterval: 4999 },
        { rateLimitMax: 11 },
        { refillAmount: null, refillInterval: null, rateLimitTimeWindow: 24_999 },
        { rateLimitEnabled: false },
      ])
        await expect(update(row.id, change, maker)).rejects.toEqual(
          refused('VALIDATION_ERROR', 'rateLimitMax'),
        )
      const asWindow = { refillAmount: null, refillInterval: null, rateLimitTimeWindow: 25_000 }
      expect(await update(row.id, asWindow, maker)).toMatchObject({ refill_amount: null })
      const { row: child } = await domain.createKey(maker, { scopes: [], rateLimitMax: 1 })
      expect(child).toMatchObject({ rate_limit_max: 1, refill_amount: 1, refill_interval_ms: 5000 })
    })
  })

  describe('by a key', () => {
    const ownLimits = { expiresInSeconds: 3600, rateLimitMax: 10, rateLimitTimeWindow: 60_000 }
    const makeKey = async () => {
      const { row, key } = await domain.createKey(owner, ownLimits)
      return { row, maker: await domain.principalOf(key) }
    }

    it.each<[string, ApiKeyChange, string]>([
      ['life', { expiresAt: null }, 'expiresAt'],
      ['life by a moment', { expiresAt: Date.UTC(2100, 0, 1) }, 'expiresAt'],
      ['limit', { rateLimitEnabled: false }, 'rateLimitMax'],
      ['rate', { rateLimitMax: 11 }, 'rateLimitMax'],
      ['rate by a shorter window', { rateLimitTimeWindow: 59_999 }, 'rateLimitMax'],
      ['burst', { rateLimitMax: 100, rateLimitTimeWindow: 600_000 }, 'rateLimitMax'],
    ])('never widens its own %s', async (_what, change, field) => {
      const { row, maker } = await makeKey()
      await expect(update(row.id, change, maker)).rejects.toEqual(refused('VALIDATION_ERROR', field))
      expect(await update(row.id, { name: 'narrower', rateLimitMax: 9 }, maker)).toMatchObject({
        rate_limit_max: 9,
      })
    })

    it('never touches a key that may more', async () => {
      const { maker } = await makeKey()
      const { row: longer } = await domain.createKey(owner)
      await expect(update(longer.id, { name: 'x' }, maker)).rejects.toEqual(refused('VALIDATION_ERROR'))
      const narrow = await domain.createKey(owner, { ...ownLimits, scopes: ['user:read'] })
      const wide = await domain.createKey(owner, ownLimits)
      const narrowMaker = await domain.principalOf(narrow.key)
      await expect(update(wide.row.id, { enabled: false }, narrowMaker)).rejects.toEqual(
        refused('API_KEY_MISSING_SCOPES'),
      )
    })

    it('pinned to one organization, sees no key of another pin or of none', async () => {
      const other = await domain.foundOrganization({ [owner.userId]: 'owner' })
      const pinned = await domain.createKey(owner, { metadata: { organizationId } })
      const by = await domain.principalOf(pinned.key)
      const hidden = [
        await domain.createKey(owner),
        await domain.createKey(owner, { metadata: { organizationId: other } }),
      ]
      for (const { row } of hidden) {
        const rotation = {
          keyId: row.id,
          gracePeriodSeconds: 0,
          expiresInSeconds: undefined,
          requestKey: undefined,
        }
        await expect(update(row.id, { name: 'x' }, by)).rejects.toEqual(refused('NOT_FOUND'))
        await expect(rotateApiKey(domain.context, actorOf(by), rotation)).rejects.toEqual(
          refused('NOT_FOUND'),
        )
        await expect(revokeApiKey(domain.context, actorOf(by), row.id)).rejects.toEqual(refused('NOT_FOUND'))
      }
      const page = { offset: 0, limit: 100, sort: 'createdAt' }
      const { items } = await listApiKeys(domain.context, by, page)
      expect(new Set(items.map(row => row.organization_id))).toEqual(new Set([organizationId]))
    })

    it('never gets more by two changes at once than by either', async () => {
      const { maker } = await makeKey()
      for (let round = 0; round < 15; round++) {
        const { row } = await domain.createKey(owner, {
          expiresInSeconds: 60,
          rateLimitMax: 1,
          rateLimitTimeWindow: 60_000,
        })
        // 10 in 60 s and 1 in 6 s are within the maker's limit, 10 in 6 s is not.
        await Promise.allSettled([
          update(row.id, { rateLimitMax: 10 }, maker),
          update(row.id, { rateLimitTimeWindow: 6000 }, maker),
        ])
        const { rate_limit_max, rate_limit_window_ms } = await update(row.id, {})
        expect(rate_limit_max / rate_limit_window_ms).toBeLessThanOrEqual(10 / 60_000)
      }
    })
  })
})
