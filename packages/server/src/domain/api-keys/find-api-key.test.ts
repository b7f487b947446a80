import { API_KEY_STATES } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { PageRequest } from '../../storage/stores/page'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { describeApiKey } from './describe-api-key'
import { getApiKey, listApiKeys } from './find-api-key'
import type { NewApiKey } from './judge-new-api-key'
import { revokeApiKey } from './revoke-api-key'
import { updateApiKey } from './update-api-key'

describeOnEachEngine('the keys of an account', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    owner = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    await domain.createKey(owner, { name: 'b 100%', expiresInSeconds: 7200 })
    await domain.createKey(owner, { name: 'A_b' })
    await domain.createKey(owner, { name: 'c', expiresInSeconds: 3600, metadata: { organizationId } })
    await domain.createKey(await domain.signUp(), { name: "a stranger's" })
  })
  const names = async (change: object = {}, by: Principal = owner, state?: 'active' | 'disabled') => {
    const page = { offset: 0, limit: 20, sort: '-createdAt', ...change }
    return (await listApiKeys(domain.context, by, page, { state })).items.map(({ name }) => name)
  }

  it('are listed newest first, or by name or end; those without an end are last', async () => {
    expect(await names()).toEqual(['c', 'A_b', 'b 100%'])
    expect(await names({ sort: 'name' })).toEqual(['A_b', 'b 100%', 'c'])
    expect(await names({ sort: 'expiresAt' })).toEqual(['c', 'b 100%', 'A_b'])
    expect(await names({ sort: '-expiresAt' })).toEqual(['A_b', 'b 100%', 'c'])
    expect(await names({ limit: 1, offset: 1 })).toEqual(['A_b'])
  })

  it('are found by a part of their name, and by state', async () => {
    expect(await names({ q: '%' })).toEqual(['b 100%'])
    expect(await names({ q: 'a_' })).toEqual(['A_b'])
    const [disabled] = (await listApiKeys(domain.context, owner, { offset: 0, limit: 1, sort: 'name' })).items
    await updateApiKey(domain.context, actorOf(owner), disabled?.id ?? '', { enabled: false })
    expect(await names({}, owner, 'disabled')).toEqual(['A_b'])
    expect(await names({ sort: 'name' }, owner, 'active')).toEqual(['b 100%', 'c'])
    expect(await names({ q: 'B' }, owner, 'active')).toEqual(['b 100%'])
  })

  it('of strangers are not found', async () => {
    const stranger = await domain.signUp()
    const { row } = await domain.createKey(owner)
    expect(await names({}, stranger)).toEqual([])
    await expect(getApiKey(domain.storage, stranger, row.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await getApiKey(domain.storage, owner, row.id)).toEqual(row)
  })

  it('are found by how they begin, once that says more than their format', async () => {
    const holder = await domain.signUp()
    const keys = [
      await domain.createKey(holder, { name: 'one' }),
      await domain.createKey(holder, { name: 'two', format: 'sna', scopes: [] }),
    ]
    for (const { row } of keys) {
      expect(await names({ q: row.start }, holder)).toEqual([row.name])
      expect(await names({ q: row.start.slice(0, -2) }, holder)).toEqual([row.name])
      expect(await names({ q: row.prefix }, holder)).toEqual([])
      expect(await names({ q: `${row.start}%` }, holder)).toEqual([])
      expect(await names({ q: row.start.slice(1) }, holder)).toEqual([])
    }
    expect(await names({ q: '_' }, holder)).toEqual([])
  })
})

describeOnEachEngine('a list of keys that is narrowed', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
  })
  beforeEach(async () => {
    owner = await domain.signUp()
  })
  const PAGE = { offset: 0, limit: 100, sort: 'createdAt' }
  const list = async (filter: Parameters<typeof listApiKeys>[3], page: Partial<PageRequest> = {}) => {
    const { items, total } = await listApiKeys(domain.context, owner, { ...PAGE, ...page }, filter)
    return { names: items.map(({ name }) => name), total }
  }
  const named = (name: string, input: Partial<NewApiKey> = {}) => domain.createKey(owner, { name, ...input })
  const unused = async (ago: number) => (await list({ unusedSince: domain.now() - ago })).names

  it('has those of one format, dead ones too', async () => {
    await named('native')
    await named('first', { format: 'snt', scopes: [] })
    await named('second', { format: 'snt', scopes: [] })
    expect(await list({ format: 'snt' })).toEqual({ names: ['first', 'second'], total: 2 })
    expect(await list({ format: 'snt', state: 'revoked' })).toEqual({ names: ['first'], total: 1 })
    expect((await list({})).names).toEqual(['native', 'first', 'second'])
  })

  it('has those that live and end before a time', async () => {
    const [, soon, later, over, gone, off] = [
      await named('endless'),
      await named('soon', { expiresInSeconds: 120 }),
      await named('later', { expiresInSeconds: 240 }),
      await named('over', { expiresInSeconds: 60 }),
      await named('gone', { expiresInSeconds: 120 }),
      await named('off', { expiresInSeconds: 120 }),
    ]
    await revokeApiKey(domain.context, actorOf(owner), gone.row.id)
    await updateApiKey(domain.context, actorOf(owner), off.row.id, { enabled: false })
    domain.advance(60_000)
    const end = (row: { readonly expires_at: number | null }) => row.expires_at ?? Number.NaN
    expect((await list({ expiringBefore: end(soon.row) })).names).toEqual([])
    expect((await list({ expiringBefore: end(soon.row) + 1 })).names).toEqual(['soon', 'off'])
    expect((await list({ expiringBefore: end(later.row) + 1 })).names).toEqual(['soon', 'later', 'off'])
    expect((await list({ expiringBefore: end(over.row) + 1, state: 'expired' })).names).toEqual([])
  })

  it('has none that was used a second ago, written down or not', async () => {
    const [idle, busy] = [await named('idle'), await named('busy')]
    domain.advance(60_000)
    expect(await unused(30_000)).toEqual(['idle', 'busy'])
    await domain.principalOf(busy.key)
    domain.advance(1000)
    expect(await unused(30_000)).toEqual(['idle'])
    expect(await list({ unusedSince: domain.now() - 30_000 }, { limit: 1 })).toEqual({
      names: ['idle'],
      total: 1,
    })
    // A use from before that time does not count.
    expect(await unused(500)).toEqual(['idle', 'busy'])
    expect(await unused(1000)).toEqual(['idle'])
    await domain.context.uses.flush()
    expect(await unused(30_000)).toEqual(['idle'])
    expect(await unused(500)).toEqual(['idle', 'busy'])
    expect(domain.context.uses.pendingKeyUse(busy.row.id)).toBeUndefined()
    expect(idle.row.last_request_at).toBeNull()
  })

  it('has none that is too new to be called unused, and those that died unused', async () => {
    const { row, key } = await named('dead')
    domain.advance(60_000)
    await domain.principalOf(key)
    await named('new')
    await revokeApiKey(domain.context, actorOf(owner), row.id)
    expect(await unused(30_000)).toEqual([])
    domain.advance(60_000)
    expect(await unused(30_000)).toEqual(['dead', 'new'])
  })

  it('has none whose use is being written down in that moment', async () => {
    for (let round = 0; round < 15; round++) {
      const { key } = await named(`key ${round}`)
      domain.advance(60_000)
      await domain.principalOf(key)
      const flushing = domain.context.uses.flush()
      for (let turn = 0; turn < round; turn++) await Promise.resolve()
      const found = await Promise.all([unused(1000), unused(1000)])
      for (const names of found) expect(names).not.toContain(`key ${round}`)
      await flushing
      expect(await unused(1000)).not.toContain(`key ${round}`)
    }
  })

  it('keeps the uses of a write that failed', async () => {
    const { key } = await named('kept')
    domain.advance(60_000)
    await domain.principalOf(key)
    const { transaction } = domain.storage
    domain.storage.transaction = () => Promise.reject(new Error('disk full'))
    try {
      await expect(domain.context.uses.flush()).rejects.toThrow('disk full')
    } finally {
      domain.storage.transaction = transaction
    }
    expect(await unused(1000)).toEqual([])
    expect(domain.context.uses.keysUsedSince(domain.now() + 1)).toEqual(new Set())
  })

  it('is exactly what its filters say, whatever became of the keys', async () => {
    const start = domain.now()
    const plan = Array.from({ length: 24 }, (_, index) => index)
    for (const index of plan) {
      const { row, key } = await named(`key ${index % 5}`, {
        format: index % 3 ? 'ba' : 'sna',
        scopes: [],
        expiresInSeconds: index % 4 ? index * 60 + 60 : null,
      })
      domain.advance(7000)
      if (index % 2) await domain.principalOf(key)
      if (index % 6 === 5) await domain.context.uses.flush()
      if (index % 7 === 6) await revokeApiKey(domain.context, actorOf(owner), row.id)
      if (index % 5 === 4 && index % 7 !== 6)
        await updateApiKey(domain.context, actorOf(owner), row.id, { enabled: false })
    }
    const all = await Promise.all(
      (await listApiKeys(domain.context, owner, PAGE)).items.map(row => describeApiKey(domain.context, row)),
    )
    const now = domain.now()
    for (const state of [undefined, ...API_KEY_STATES]) {
      for (const format of [undefined, 'sna'] as const) {
        for (const unusedSince of [undefined, start + 20_000, start + 90_000, now]) {
          for (const expiringBefore of [undefined, now + 600_000]) {
            const expected = all.filter(
              ({ row, state: itsState, lastRequestAt }) =>
                (state === undefined || itsState === state) &&
                (format === undefined || row.format === format) &&
                (unusedSince === undefined ||
                  (row.created_at < unusedSince && (lastRequestAt ?? 0) < unusedSince)) &&
                (expiringBefore === undefined ||
                  (row.revoked_at === null &&
                    row.expires_at !== null &&
                    row.expires_at > now &&
                    row.expires_at < expiringBefore)),
            )
            const { items, total } = await listApiKeys(domain.context, owner, PAGE, {
              state,
              format,
              unusedSince,
              expiringBefore,
            })
            expect(items.map(({ id }) => id)).toEqual(expected.map(({ row }) => row.id))
            expect(total).toBe(expected.length)
          }
        }
      }
    }
  })
})
