import { KEY_FORMAT_NAMES, type KeyFormat } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { organizationPeople } from '../members/testing/organization-people'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { resolveApiKey } from '../principals/resolve-api-key'
import type { NewApiKey } from './judge-new-api-key'
import { revokeApiKey } from './revoke-api-key'
import { rotateApiKey } from './rotate-api-key'
import { updateApiKey } from './update-api-key'

const NOW = { gracePeriodSeconds: 0, expiresInSeconds: undefined, requestKey: undefined }

describeOnEachEngine('keys of several formats', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    owner = await domain.signUp()
  })
  const make = (format: KeyFormat, input: Partial<NewApiKey> = {}, by: Principal = owner) =>
    domain.createKey(by, { format, scopes: [], ...input })
  const refused = (code: string, field?: string) =>
    expect.objectContaining({
      code,
      ...(field && { detail: { fields: [expect.objectContaining({ field })] } }),
    })
  const liveOf = async (format: KeyFormat, userId = owner.userId) =>
    domain.storage.apiKeys.countLive(userId, domain.now(), format)
  const pin = (organizationId: string) => ({ metadata: { organizationId } })

  it.each(KEY_FORMAT_NAMES)('%s: are good where their format is, and nowhere else', async format => {
    const { key, row } = await make(format)
    expect(row).toMatchObject({ format, prefix: `${format}_`, organization_id: null })
    for (const formats of [[format], KEY_FORMAT_NAMES])
      expect(await resolveApiKey(domain.context, key, formats)).toMatchObject({
        format,
        credentialId: row.id,
      })
    const others = KEY_FORMAT_NAMES.filter(other => other !== format)
    await expect(resolveApiKey(domain.context, key, others)).rejects.toEqual(refused('INVALID_API_KEY'))
  })

  it('may be ten of each format', async () => {
    const formats = ['ba', 'snpy', 'sna'] as const
    for (const format of formats) {
      const made = await Promise.allSettled(Array.from({ length: 12 }, () => make(format)))
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
      await expect(make(format)).rejects.toMatchObject({
        code: 'KEY_LIMIT_REACHED',
        message: `An account may have 10 live API keys of the format ${format}; revoke one first`,
      })
    }
    expect(await Promise.all(formats.map(format => liveOf(format)))).toEqual([10, 10, 10])
    expect(await domain.storage.apiKeys.countLive(owner.userId, domain.now())).toBe(30)
  })

  it('that are disabled count as live, so that enabling makes no eleventh', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => make('sna')))
    const by = actorOf(owner)
    for (const { row } of keys) await updateApiKey(domain.context, by, row.id, { enabled: false })
    await expect(make('sna')).rejects.toEqual(refused('KEY_LIMIT_REACHED'))
    await revokeApiKey(domain.context, by, keys[0]!.row.id)
    await make('sna')
    await Promise.allSettled(
      keys.map(({ row }) => updateApiKey(domain.context, by, row.id, { enabled: true })),
    )
    expect(await liveOf('sna')).toBe(10)
    expect(await domain.isAccepted(keys[0]!.key)).toBe(false)
    expect(await domain.isAccepted(keys[1]!.key)).toBe(true)
  })

  it('know the scopes of their format alone', async () => {
    await expect(make('ba', { scopes: ['url:read'] })).rejects.toEqual(refused('VALIDATION_ERROR', 'scopes'))
    await expect(make('snpy', { scopes: ['user:read'] })).rejects.toEqual(
      refused('VALIDATION_ERROR', 'scopes'),
    )
    const { key } = await make('snpy', { scopes: ['qr:read'] })
    expect(await domain.principalOf(key)).toMatchObject({ scopes: ['qr:read'] })
    expect(await liveOf('ba')).toBe(0)
  })

  it('are not made where their surface is switched off, and those that there are go on', async () => {
    const { key, row } = await make('snpy')
    const narrow = createTestDomain(domain.engine, { surfaces: ['native', 'snaapi'] })
    for (const format of ['snpy', 'snt'] as const) {
      await expect(narrow.createKey(owner, { format, scopes: [] })).rejects.toEqual(
        refused('VALIDATION_ERROR', 'format'),
      )
    }
    await narrow.createKey(owner, { format: 'sna', scopes: [] })
    await rotateApiKey(narrow.context, actorOf(owner), { keyId: row.id, ...NOW, gracePeriodSeconds: 60 })
    expect(await narrow.isAccepted(key)).toBe(true)
  })

  describe('snt', () => {
    it('is one at a time: a new one ends the one before it, disabled or not, and nothing else', async () => {
      const others = [await make('ba'), await make('snpy'), await make('sna')]
      const stranger = await domain.signUp()
      const theirs = await make('snt', {}, stranger)
      const first = await make('snt')
      const second = await make('snt')
      expect(await domain.isAccepted(first.key)).toBe(false)
      await updateApiKey(domain.context, actorOf(owner), second.row.id, { enabled: false })
      const third = await make('snt')
      await expect(
        updateApiKey(domain.context, actorOf(owner), second.row.id, { enabled: true }),
      ).rejects.toEqual(refused('CONFLICT'))
      for (const { key } of [...others, theirs, third]) expect(await domain.isAccepted(key)).toBe(true)
      expect(await liveOf('snt')).toBe(1)
    })

    it('is one at a time however many are made at once', async () => {
      const made = await Promise.all(Array.from({ length: 20 }, () => make('snt')))
      const accepted = await Promise.all(made.map(({ key }) => domain.isAccepted(key)))
      expect(accepted.filter(Boolean)).toHaveLength(1)
      expect(await liveOf('snt')).toBe(1)
    })

    it('is ended only if the new one is made', async () => {
      const { key } = await make('snt')
      const theirs = await domain.foundOrganization({})
      await expect(make('snt', pin(theirs))).rejects.toEqual(refused('FORBIDDEN'))
      await expect(make('snt', { scopes: ['url:read'] })).rejects.toEqual(
        refused('VALIDATION_ERROR', 'scopes'),
      )
      expect(await domain.isAccepted(key)).toBe(true)
    })

    it('that is ended so is in the log of its organization, and its owner is told', async () => {
      const people = organizationPeople(domain)
      const [a, b] = [
        await domain.foundOrganization({ [owner.userId]: 'owner' }),
        await domain.foundOrganization({ [owner.userId]: 'owner' }),
      ]
      const first = await make('snt', pin(b))
      const second = await make('snt', pin(a))
      const third = await make('snt', pin(a))
      const told = async (id: string) =>
        (await people.audited(id)).map(({ action, resource, details }) => [action, resource, details])
      const made = { name: 'test key', scopes: [], format: 'snt' }
      const ended = (replacedBy: string) => ({ name: 'test key', replacedBy })
      expect(await told(a)).toEqual([
        ['api_key.created', second.row.id, made],
        ['api_key.revoked', second.row.id, ended(third.row.id)],
        ['api_key.created', third.row.id, made],
      ])
      expect(await told(b)).toEqual([
        ['api_key.created', first.row.id, made],
        ['api_key.revoked', first.row.id, ended(second.row.id)],
      ])
      const to = (await domain.storage.users.find(owner.userId))?.email
      const replaced = domain.mails
        .filter(mail => mail.to === to)
        .map(({ text }) => text.includes('replaces'))
      expect(replaced).toEqual([false, true, true])
    })

    it('of two users with pins crosswise are ended and made without one waiting for the other forever', async () => {
      const other = await domain.signUp()
      const both = { [owner.userId]: 'owner', [other.userId]: 'admin' }
      const pins = [await domain.foundOrganization(both), await domain.foundOrganization(both)] as const
      for (let round = 0; round < 8; round++) {
        const [here, there] = round % 2 ? pins : [pins[1], pins[0]]
        await Promise.all([make('snt', pin(here)), make('snt', pin(there), other)])
      }
      expect([await liveOf('snt'), await liveOf('snt', other.userId)]).toEqual([1, 1])
    })

    it('is rotated with no grace, so that there is never a second one', async () => {
      const { key, row } = await make('snt')
      const rotate = (gracePeriodSeconds: number) =>
        rotateApiKey(domain.context, actorOf(owner), { keyId: row.id, ...NOW, gracePeriodSeconds })
      await expect(rotate(1)).rejects.toEqual(refused('VALIDATION_ERROR', 'gracePeriod'))
      expect(await domain.isAccepted(key)).toBe(true)
      const next = await rotate(0)
      expect([await domain.isAccepted(key), await domain.isAccepted(next.key)]).toEqual([false, true])
      expect(next.row).toMatchObject({ format: 'snt', prefix: 'snt_' })
      const third = await make('snt')
      expect([await domain.isAccepted(next.key), await domain.isAccepted(third.key)]).toEqual([false, true])
    })

    it('is one when one is made and the one before it rotated at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const old = await make('snt')
        const results = await Promise.allSettled([
          rotateApiKey(domain.context, actorOf(owner), { keyId: old.row.id, ...NOW }),
          make('snt'),
        ])
        const keys = results.flatMap(result => (result.status === 'fulfilled' ? [result.value.key] : []))
        const accepted = await Promise.all([old.key, ...keys].map(key => domain.isAccepted(key)))
        expect(accepted.filter(Boolean)).toHaveLength(1)
        expect(await liveOf('snt')).toBe(1)
      }
    })
  })

  it.each(['ba', 'snpy', 'sna'] as const)('%s: rotated keep format, permissions and limits', async format => {
    await domain.foundOrganization({ [owner.userId]: 'owner' })
    const old = await make(format, {
      permissions: format === 'snpy' ? null : { posts: { read: ['title'] } },
      scopes: format === 'snpy' ? ['qr:read'] : [],
      rateLimitMax: 7,
      refillAmount: 2,
      refillInterval: 5000,
    })
    const { row, key } = await rotateApiKey(domain.context, actorOf(owner), { keyId: old.row.id, ...NOW })
    const {
      format: kept,
      prefix,
      scopes,
      permissions,
      refill_amount,
      refill_interval_ms,
      rate_limit_max,
    } = old.row
    expect(row).toMatchObject({
      format: kept,
      prefix,
      scopes,
      permissions,
      refill_amount,
      refill_interval_ms,
      rate_limit_max,
    })
    expect([kept, refill_amount, refill_interval_ms]).toEqual([format, 2, 5000])
    expect(await domain.principalOf(key)).toMatchObject({
      format,
      rateLimit: { max: 7, refill: { amount: 2, intervalMs: 5000 } },
    })
  })

  describe('asked for with a key', () => {
    const attempt = async (act: Promise<unknown>) =>
      act.then(
        () => 'done',
        ({ code }: { code: string }) => code,
      )

    it.each(['snpy', 'snt', 'sna'] as const)(
      '%s: are not made, changed or rotated, however wide the key',
      async format => {
        const theirs = await make(format)
        const { key } = await make('ba', { scopes: owner.scopes })
        const thief = await domain.principalOf(key)
        const { context } = domain
        expect(await attempt(make(format, {}, thief))).toBe('NO_PERMISSIONS')
        expect(await attempt(make(format, { scopes: ['user:read'] }, thief))).toBe('NO_PERMISSIONS')
        const by = actorOf(thief)
        const changes = [{ name: 'x' }, { permissions: null }, { permissions: {} }, { enabled: false }]
        for (const change of changes)
          expect(await attempt(updateApiKey(context, by, theirs.row.id, change))).not.toBe('done')
        expect(await attempt(rotateApiKey(context, by, { keyId: theirs.row.id, ...NOW }))).toBe(
          'NO_PERMISSIONS',
        )
        expect(await domain.isAccepted(theirs.key)).toBe(true)
        expect(await liveOf(format)).toBe(1)
      },
    )

    it('pinned or with few scopes, are not made either', async () => {
      const organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
      const keys = [
        await make('ba', { scopes: owner.scopes, ...pin(organizationId) }),
        await make('ba', { scopes: ['api-keys:write'] }),
      ]
      for (const { key } of keys) {
        const thief = await domain.principalOf(key)
        for (const format of ['snpy', 'snt', 'sna'] as const) {
          expect(await attempt(make(format, {}, thief))).toBe('NO_PERMISSIONS')
          expect(await attempt(make(format, pin(organizationId), thief))).toBe('NO_PERMISSIONS')
        }
      }
    })

    it('of a surface, or with an access token, make nothing at all', async () => {
      const { key } = await make('sna')
      const token: Principal = {
        kind: 'accessToken',
        format: 'snpy',
        userId: owner.userId,
        credentialId: 'token',
        scopes: ['url:read'],
        pinnedOrganizationId: null,
      }
      for (const by of [await domain.principalOf(key), token])
        for (const format of KEY_FORMAT_NAMES)
          expect(await attempt(make(format, {}, by))).toBe('NO_PERMISSIONS')
    })

    it('may be revoked: who can delete keys can end any of them', async () => {
      const theirs = await make('sna')
      const { key } = await make('ba', { scopes: ['api-keys:delete'] })
      await revokeApiKey(domain.context, actorOf(await domain.principalOf(key)), theirs.row.id)
      expect(await domain.isAccepted(theirs.key)).toBe(false)
    })
  })
})
