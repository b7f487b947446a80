import { SCOPES } from '@snoop/sdk/contract'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { hashSecret } from '../secret-hash'
import { revokeApiKey } from './revoke-api-key'
import { rotateApiKey } from './rotate-api-key'
import { updateApiKey } from './update-api-key'

describeOnEachEngine('making a key', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open(), { keyRateLimit: { max: 200, windowMs: 60_000 } })
  })
  const newOwner = async () => {
    owner = await domain.signUp()
    return owner
  }
  const refused = (code: string) => expect.objectContaining({ code })
  const makeMany = (count: number) =>
    Promise.allSettled(Array.from({ length: count }, () => domain.createKey(owner)))

  it('keeps SHA-256 of the secret and its first characters, and nothing else of it', async () => {
    const { row, key } = await domain.createKey(await newOwner(), { name: 'ci', metadata: { a: 1 } })
    const stored = await domain.engine.db
      .selectFrom('api_keys')
      .selectAll()
      .where('id', '=', row.id)
      .executeTakeFirstOrThrow()
    expect(stored).toMatchObject({
      key_hash: hashSecret(key),
      start: key.slice(0, 9),
      prefix: 'ba_',
      format: 'ba',
    })
    expect(JSON.stringify({ ...stored, start: '' })).not.toContain(key.slice(3, 9))
    expect(stored.id).toMatch(/^ak_[0-9A-HJKMNP-TV-Z]{26}$/)
  })

  it('tells its owner by mail, with the name and the scopes; a rotation or a refusal does not', async () => {
    await newOwner()
    const to = (await domain.storage.users.find(owner.userId))?.email
    const sent = () => domain.mails.filter(mail => mail.to === to)
    const { key, row } = await domain.createKey(owner, { name: 'nightly build', scopes: SCOPES })
    expect(sent()).toHaveLength(1)
    expect(sent()[0]).toMatchObject({ subject: 'An API key was made' })
    for (const text of ['nightly build', 'user:read']) expect(sent()[0]?.text).toContain(text)
    expect(sent()[0]?.text).not.toContain(key)
    const maker = await domain.principalOf(key)
    const rotation = { gracePeriodSeconds: 0, expiresInSeconds: undefined, requestKey: undefined }
    await domain.createKey(maker, { scopes: ['user:read'] })
    expect(sent()).toHaveLength(2)
    await rotateApiKey(domain.context, actorOf(owner), { keyId: row.id, ...rotation })
    await makeMany(20)
    expect(sent()).toHaveLength(10)
  })

  it('stops at ten live ones, however many come at once', async () => {
    await newOwner()
    const results = await makeMany(50)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toEqual(refused('KEY_LIMIT_REACHED'))
    }
    expect(await domain.storage.apiKeys.countLive(owner.userId, domain.now())).toBe(10)
  })

  it('counts what lives: not revoked, expired or rotated ones, but disabled ones', async () => {
    await newOwner()
    const [first, second, third, fourth] = await Promise.all([
      domain.createKey(owner),
      domain.createKey(owner, { expiresInSeconds: 60 }),
      domain.createKey(owner),
      domain.createKey(owner),
    ])
    await makeMany(6)
    await expect(domain.createKey(owner)).rejects.toEqual(refused('KEY_LIMIT_REACHED'))
    await updateApiKey(domain.context, actorOf(owner), fourth.row.id, { enabled: false })
    await expect(domain.createKey(owner)).rejects.toEqual(refused('KEY_LIMIT_REACHED'))
    const rotation = { keyId: third.row.id, gracePeriodSeconds: 3600, expiresInSeconds: undefined }
    await rotateApiKey(domain.context, actorOf(owner), { ...rotation, requestKey: undefined })
    await expect(domain.createKey(owner)).rejects.toEqual(refused('KEY_LIMIT_REACHED'))
    await revokeApiKey(domain.context, actorOf(owner), first.row.id)
    domain.advance(60_000)
    expect(second.row.expires_at).toBe(domain.now())
    expect((await makeMany(5)).filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  })

  it('leaves no way around the limit by bringing expired keys back', async () => {
    await newOwner()
    const { row } = await domain.createKey(owner, { expiresInSeconds: 60 })
    domain.advance(60_000)
    await makeMany(10)
    await expect(updateApiKey(domain.context, actorOf(owner), row.id, { expiresAt: null })).rejects.toEqual(
      refused('CONFLICT'),
    )
    expect(await domain.storage.apiKeys.countLive(owner.userId, domain.now())).toBe(10)
  })

  it('leaves no way around the limit by ending successors while the keys before them live on', async () => {
    await newOwner()
    const keys = await Promise.all(Array.from({ length: 10 }, () => domain.createKey(owner)))
    for (const { row } of keys) {
      const rotation = { keyId: row.id, gracePeriodSeconds: 3600, expiresInSeconds: undefined }
      const successor = await rotateApiKey(domain.context, actorOf(owner), {
        ...rotation,
        requestKey: undefined,
      })
      await revokeApiKey(domain.context, actorOf(owner), successor.row.id)
    }
    expect(await domain.isAccepted(keys[0]?.key ?? '')).toBe(true)
    await expect(domain.createKey(owner)).rejects.toEqual(refused('KEY_LIMIT_REACHED'))
    domain.advance(3600_000)
    expect((await makeMany(12)).filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
  })

  it('pins to an organization of the owner only', async () => {
    await newOwner()
    const stranger = await domain.signUp()
    const theirs = await domain.foundOrganization({ [stranger.userId]: 'owner' })
    const own = await domain.foundOrganization({ [owner.userId]: 'member' })
    for (const organizationId of [theirs, 'nobodys']) {
      await expect(domain.createKey(owner, { metadata: { organizationId } })).rejects.toEqual(
        refused('FORBIDDEN'),
      )
    }
    await domain.context.refusals.flush()
    const log = await domain.engine.db
      .selectFrom('audit_events')
      .select(['organization_id', 'action', 'outcome', 'actor_id'])
      .where('actor_id', '=', owner.userId)
      .execute()
    expect(log.map(row => ({ ...row }))).toEqual([
      { organization_id: theirs, action: 'api_key.created', outcome: 'refused', actor_id: owner.userId },
    ])
    const { row } = await domain.createKey(owner, { metadata: { organizationId: own } })
    expect(row.organization_id).toBe(own)
  })

  it('by a key gives what is left out from the maker: pin, end and limit', async () => {
    await newOwner()
    const organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    const { key, row: maker } = await domain.createKey(owner, {
      metadata: { organizationId },
      expiresInSeconds: 3600,
      rateLimitMax: 5,
    })
    const child = await domain.createKey(await domain.principalOf(key), { scopes: ['user:read'] })
    expect(child.row).toMatchObject({
      organization_id: organizationId,
      expires_at: maker.expires_at,
      rate_limit_enabled: 1,
      rate_limit_max: 5,
      rate_limit_window_ms: 60_000,
      scopes: '["user:read"]',
    })
  })

  it.each([
    [
      'the configured limit',
      {},
      { rate_limit_enabled: 1, rate_limit_max: 200, rate_limit_window_ms: 60_000 },
    ],
    [
      'its own',
      { rateLimitMax: 3, rateLimitTimeWindow: 1000 },
      { rate_limit_max: 3, rate_limit_window_ms: 1000 },
    ],
    ['none', { rateLimitEnabled: false }, { rate_limit_enabled: 0 }],
  ])('by a session gives %s', async (_what, limits, columns) => {
    await newOwner()
    expect((await domain.createKey(owner, limits)).row).toMatchObject(columns)
  })

  it('is refused to who was disabled since the request was let in, whatever it came with', async () => {
    await newOwner()
    const { key } = await domain.createKey(owner)
    const holder = await domain.principalOf(key)
    await domain.storage.users.update(owner.userId, { is_active: 0 })
    await expect(domain.createKey(owner)).rejects.toEqual(refused('USER_NOT_ACTIVE'))
    await expect(domain.createKey(holder)).rejects.toEqual(refused('USER_NOT_ACTIVE'))
    expect(await domain.storage.apiKeys.countLive(owner.userId, domain.now())).toBe(1)
  })
})
