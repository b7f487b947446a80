import type { Scope } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import type { IssuedApiKey } from './create-api-key'
import { revokeApiKey } from './revoke-api-key'
import { rotateApiKey } from './rotate-api-key'
import { updateApiKey } from './update-api-key'
import { type KeyQuestion, verifyApiKey } from './verify-api-key'

describeOnEachEngine('verifying a key', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
  })
  beforeEach(async () => {
    owner = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })

  const verify = (key: string, question: Partial<KeyQuestion> = {}, by: Principal = owner) =>
    verifyApiKey(domain.context, by, { key, scopes: [], organizationId: undefined, ...question })
  const codeOf = async (...args: Parameters<typeof verify>) => (await verify(...args)).code
  const unknown = async () => {
    const { key, row } = await domain.createKey(owner)
    await domain.engine.db.deleteFrom('api_keys').where('id', '=', row.id).execute()
    return key
  }
  const disable = (userId: string) =>
    domain.engine.db.updateTable('users').set({ is_active: 0 }).where('id', '=', userId).execute()
  const setRole = (userId: string, role: string | undefined) => {
    const { db } = domain.engine
    const isTheirs = { user_id: userId, organization_id: organizationId }
    return role === undefined
      ? db
          .deleteFrom('memberships')
          .where(eb => eb.and(isTheirs))
          .execute()
      : db
          .updateTable('memberships')
          .set({ role })
          .where(eb => eb.and(isTheirs))
          .execute()
  }

  describe('answers as if the key did not exist', () => {
    const expectUnknown = async (key: string, by: Principal = owner) =>
      expect(JSON.stringify(await verify(key, {}, by))).toBe(
        JSON.stringify(await verify(await unknown(), {}, by)),
      )

    it.each(['', 'x', 'ba_', `ba_${'0'.repeat(46)}`, 'a'.repeat(512)])('for %j', text => expectUnknown(text))

    it("for a stranger's, whatever its state", async () => {
      const stranger = await domain.signUp()
      const { key, row } = await domain.createKey(stranger, { rateLimitMax: 5 })
      await expectUnknown(key)
      await revokeApiKey(domain.context, actorOf(stranger), row.id)
      await expectUnknown(key)
    })

    it('for one pinned to an organization that the caller is a mere member of', async () => {
      const member = await domain.signUp()
      const theirs = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
      const { key } = await domain.createKey(owner, { metadata: { organizationId: theirs } })
      await expectUnknown(key, member)
    })

    it('for one of another pin, if a pinned key asks', async () => {
      const other = await domain.foundOrganization({ [owner.userId]: 'owner' })
      const asker = await domain.createKey(owner, { metadata: { organizationId } })
      const by = await domain.principalOf(asker.key)
      await expectUnknown((await domain.createKey(owner)).key, by)
      await expectUnknown((await domain.createKey(owner, { metadata: { organizationId: other } })).key, by)
      expect(await codeOf(asker.key, {}, by)).toBe('VALID')
    })

    it('and asks the database nothing about a mistyped one', async () => {
      const { key } = await domain.createKey(owner)
      domain.statements.length = 0
      await verify(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)
      expect(domain.statements).toEqual([])
    })
  })

  it("tells managers of an organization of members' keys that are pinned to it", async () => {
    const member = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'admin', [member.userId]: 'member' })
    const { key, row } = await domain.createKey(member, { metadata: { organizationId } })
    expect(await verify(key)).toMatchObject({ code: 'VALID', row: { id: row.id, user_id: member.userId } })
    expect(await codeOf((await domain.createKey(member)).key)).toBe('NOT_FOUND')
    await setRole(owner.userId, 'member')
    expect(await codeOf(key)).toBe('NOT_FOUND')
  })

  it('says no to a pinned key whose owner has left the organization', async () => {
    const member = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
    const { key } = await domain.createKey(member, { metadata: { organizationId } })
    expect(await codeOf(key)).toBe('VALID')
    await setRole(member.userId, undefined)
    expect(await codeOf(key)).toBe('FORBIDDEN')
    expect(await codeOf(key, { organizationId })).toBe('FORBIDDEN')
    expect(await codeOf(key, {}, member)).toBe('FORBIDDEN')
  })

  it('asks whether the key is good for the organization in question', async () => {
    const other = await domain.foundOrganization({ [owner.userId]: 'member' })
    const pinned = await domain.createKey(owner, { metadata: { organizationId } })
    const free = await domain.createKey(owner)
    expect(await codeOf(pinned.key, { organizationId })).toBe('VALID')
    expect(await codeOf(pinned.key, { organizationId: other })).toBe('FORBIDDEN')
    expect(await codeOf(free.key, { organizationId: other })).toBe('VALID')
    expect(await codeOf(free.key, { organizationId: 'nobodys' })).toBe('FORBIDDEN')
  })

  it('wants every scope that is asked for', async () => {
    const { key } = await domain.createKey(owner, { scopes: ['user:read', 'projects:read'] })
    const cases: [Scope[], string][] = [
      [[], 'VALID'],
      [['user:read'], 'VALID'],
      [['projects:read', 'user:read'], 'VALID'],
      [['user:read', 'user:write'], 'INSUFFICIENT_SCOPES'],
    ]
    for (const [scopes, code] of cases) expect(await codeOf(key, { scopes })).toBe(code)
  })

  it('counts against the limit only what it finds valid, and says what is left', async () => {
    const { key } = await domain.createKey(owner, {
      rateLimitMax: 2,
      rateLimitTimeWindow: 60_000,
      scopes: [],
    })
    const rateLimit = (remaining: number) => ({ limit: 2, remaining, resetSeconds: 60 })
    for (let count = 0; count < 3; count++) {
      expect(await verify(key, { scopes: ['user:read'] })).toMatchObject({ code: 'INSUFFICIENT_SCOPES' })
    }
    expect(await verify(key)).toMatchObject({ code: 'VALID', rateLimit: rateLimit(1) })
    expect(await verify(key)).toMatchObject({ code: 'VALID', rateLimit: rateLimit(0) })
    expect(await verify(key)).toMatchObject({ code: 'RATE_LIMITED', rateLimit: rateLimit(0) })
    expect(await codeOf(key, { scopes: ['user:read'] })).toBe('INSUFFICIENT_SCOPES')
    domain.advance(60_000)
    expect(await codeOf(key)).toBe('VALID')
  })

  it('goes on in the window that the requests of the key itself use', async () => {
    const { key, row } = await domain.createKey(owner, { rateLimitMax: 1 })
    const { rateLimit } = await domain.principalOf(key)
    if (rateLimit) domain.context.keyLimiter.take(row.id, rateLimit)
    expect(await codeOf(key)).toBe('RATE_LIMITED')
  })

  it('names the first thing that stands against the key: state, owner, organization, scopes, limit', async () => {
    const question: Partial<KeyQuestion> = { scopes: ['user:write'], organizationId: 'nobodys' }
    const make = () =>
      domain.createKey(owner, { scopes: ['user:read'], expiresInSeconds: 3600, rateLimitMax: 1 })
    const [revoked, disabled, expired, rotated, good] = [
      await make(),
      await make(),
      await make(),
      await make(),
      await make(),
    ] as [IssuedApiKey, IssuedApiKey, IssuedApiKey, IssuedApiKey, IssuedApiKey]
    await codeOf(good.key)
    await updateApiKey(domain.context, actorOf(owner), disabled.row.id, { enabled: false })
    await updateApiKey(domain.context, actorOf(owner), revoked.row.id, { enabled: false })
    await revokeApiKey(domain.context, actorOf(owner), revoked.row.id)
    await updateApiKey(domain.context, actorOf(owner), expired.row.id, {
      enabled: false,
      expiresAt: domain.now(),
    })
    const rotation = { gracePeriodSeconds: 0, expiresInSeconds: undefined, requestKey: undefined }
    await rotateApiKey(domain.context, actorOf(owner), { keyId: rotated.row.id, ...rotation })

    await disable(owner.userId)
    expect(await codeOf(revoked.key, question)).toBe('REVOKED')
    expect(await codeOf(expired.key, question)).toBe('EXPIRED')
    expect(await codeOf(rotated.key, question)).toBe('REVOKED')
    expect(await codeOf(disabled.key, question)).toBe('DISABLED')
    expect(await codeOf(good.key, question)).toBe('USER_NOT_ACTIVE')
    await domain.engine.db.updateTable('users').set({ is_active: 1 }).where('id', '=', owner.userId).execute()
    expect(await codeOf(good.key, question)).toBe('FORBIDDEN')
    expect(await codeOf(good.key, { ...question, organizationId })).toBe('INSUFFICIENT_SCOPES')
    expect(await codeOf(good.key, { organizationId })).toBe('RATE_LIMITED')
  })

  it('reports that somebody still has a rotated-out secret', async () => {
    const { key, row } = await domain.createKey(owner)
    const rotation = { gracePeriodSeconds: 0, expiresInSeconds: undefined, requestKey: undefined }
    await rotateApiKey(domain.context, actorOf(owner), { keyId: row.id, ...rotation })
    await verify(key)
    expect(domain.logged).toContainEqual(
      expect.objectContaining({ event: 'api_key.rotated_out_used', keyId: row.id }),
    )
  })

  it('is a use of the key', async () => {
    const { key, row } = await domain.createKey(owner)
    await verify(key)
    expect(domain.context.uses.pendingKeyUse(row.id)).toEqual({ requests: 1, lastRequestAt: domain.now() })
  })

  describe('of a surface', () => {
    const make = (format: 'snpy' | 'snt' | 'sna', input: Parameters<TestDomain['createKey']>[1] = {}) =>
      domain.createKey(owner, { format, scopes: [], ...input })

    it.each(['snpy', 'snt', 'sna'] as const)(
      '%s: tells the truth, be the surface on or off',
      async format => {
        const off = createTestDomain(domain.engine, { surfaces: ['native'] })
        const { key, row } = await make(format)
        const ask = () => verifyApiKey(off.context, owner, { key, scopes: [], organizationId: undefined })
        expect(await ask()).toMatchObject({ code: 'VALID', row: { id: row.id }, scopes: [] })
        await updateApiKey(domain.context, actorOf(owner), row.id, { enabled: false })
        expect((await ask()).code).toBe('DISABLED')
        await revokeApiKey(domain.context, actorOf(owner), row.id)
        expect((await ask()).code).toBe('REVOKED')
        const stranger = await domain.signUp()
        expect((await verify(key, {}, stranger)).code).toBe('NOT_FOUND')
      },
    )

    it('has all scopes of its surface without any of its own, and never those of another', async () => {
      const [wide, narrow, sna] = [
        await make('snpy'),
        await make('snpy', { scopes: ['qr:read'] }),
        await make('sna'),
      ]
      expect(await codeOf(wide.key, { scopes: ['url:write', 'qr:read'] })).toBe('VALID')
      expect(await codeOf(narrow.key, { scopes: ['qr:read'] })).toBe('VALID')
      expect(await codeOf(narrow.key, { scopes: ['qr:read', 'url:read'] })).toBe('INSUFFICIENT_SCOPES')
      for (const { key } of [wide, narrow, sna])
        expect(await codeOf(key, { scopes: ['projects:read'] })).toBe('INSUFFICIENT_SCOPES')
      expect(await codeOf(sna.key, { scopes: ['url:read'] })).toBe('INSUFFICIENT_SCOPES')
      const native = await domain.createKey(owner, { scopes: [] })
      expect(await codeOf(native.key, { scopes: ['user:read'] })).toBe('INSUFFICIENT_SCOPES')
    })

    it('is good at home alone, which is its pin, else the oldest organization of its owner', async () => {
      domain.advance(1000)
      const later = await domain.foundOrganization({ [owner.userId]: 'owner' })
      const [free, pinned] = [await make('sna'), await make('sna', { metadata: { organizationId: later } })]
      expect(await codeOf(free.key, { organizationId })).toBe('VALID')
      expect(await codeOf(free.key, { organizationId: later })).toBe('FORBIDDEN')
      expect(await codeOf(pinned.key, { organizationId: later })).toBe('VALID')
      expect(await codeOf(pinned.key, { organizationId })).toBe('FORBIDDEN')
      await setRole(owner.userId, undefined)
      expect(await codeOf(free.key, { organizationId: later })).toBe('VALID')
      expect(await codeOf(free.key)).toBe('VALID')
      await domain.engine.db.deleteFrom('memberships').where('user_id', '=', owner.userId).execute()
      expect(await codeOf(free.key)).toBe('FORBIDDEN')
    })
  })

  it('counts against a bucket, and says what is left and when more comes back', async () => {
    const bucket = { rateLimitMax: 3, refillAmount: 2, refillInterval: 10_000 }
    const { key } = await domain.createKey(owner, bucket)
    const left = (remaining: number, resetSeconds: number) => ({ limit: 3, remaining, resetSeconds })
    expect(await verify(key, { organizationId: 'nobodys' })).toMatchObject({
      code: 'FORBIDDEN',
      rateLimit: { limit: 3, remaining: 3 },
    })
    for (const remaining of [2, 1, 0])
      expect(await verify(key)).toMatchObject({ code: 'VALID', rateLimit: left(remaining, 10) })
    expect(await verify(key)).toMatchObject({ code: 'RATE_LIMITED', rateLimit: left(0, 10) })
    domain.advance(9_999)
    expect(await verify(key)).toMatchObject({ code: 'RATE_LIMITED', rateLimit: left(0, 1) })
    domain.advance(1)
    expect(await verify(key)).toMatchObject({ code: 'VALID', rateLimit: left(1, 10) })
    expect(await codeOf(key)).toBe('VALID')
    expect(await codeOf(key)).toBe('RATE_LIMITED')
  })
})
