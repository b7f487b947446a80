import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { revokeApiKey } from '../api-keys/revoke-api-key'
import { rotateApiKey } from '../api-keys/rotate-api-key'
import { enter } from './enter'
import type { SessionPrincipal } from './principal'

describeOnEachEngine('a request with a key', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    owner = await domain.signUp()
  })
  const refused = (code: string) => expect.objectContaining({ code })

  it('asks nothing of the database if the key is mistyped', async () => {
    const { key } = await domain.createKey(owner)
    domain.statements.length = 0
    for (const mistyped of [
      '',
      'ba_',
      key.slice(0, -1),
      `${key}x`,
      key.replace(/.$/, letter => (letter === '0' ? '1' : '0')),
    ]) {
      await expect(domain.principalOf(mistyped)).rejects.toEqual(refused('INVALID_API_KEY'))
    }
    expect(domain.statements).toEqual([])
  })

  it('asks once, and writes nothing', async () => {
    const { key } = await domain.createKey(owner)
    domain.statements.length = 0
    for (let request = 0; request < 3; request++) await domain.principalOf(key)
    expect(domain.statements).toHaveLength(3)
    expect(new Set(domain.statements)).toEqual(new Set([expect.stringMatching(/^select .* from api_keys/s)]))
  })

  it('writes once after a rotation that may be repeated, for the first use ends that', async () => {
    const { row } = await domain.createKey(owner)
    const rotation = {
      keyId: row.id,
      gracePeriodSeconds: 0,
      expiresInSeconds: undefined,
      requestKey: 'request',
    }
    const { key } = await rotateApiKey(domain.context, actorOf(owner), rotation)
    domain.statements.length = 0
    for (let request = 0; request < 3; request++) await domain.principalOf(key)
    expect(domain.statements.filter(statement => statement === 'UpdateQueryNode')).toHaveLength(1)
  })

  it('is refused from the moment on that the key is revoked, and revoking again changes nothing', async () => {
    const { key, row } = await domain.createKey(owner)
    await domain.principalOf(key)
    const revoked = await revokeApiKey(domain.context, actorOf(owner), row.id)
    await expect(domain.principalOf(key)).rejects.toEqual(refused('INVALID_API_KEY'))
    domain.advance(1000)
    expect(await revokeApiKey(domain.context, actorOf(owner), row.id)).toEqual(revoked)
  })

  it('is refused from the moment on that the owner is disabled, and let in again afterwards', async () => {
    const { key } = await domain.createKey(owner)
    await domain.principalOf(key)
    await domain.storage.users.update(owner.userId, { is_active: 0 })
    await expect(domain.principalOf(key)).rejects.toEqual(refused('USER_NOT_ACTIVE'))
    await domain.storage.users.update(owner.userId, { is_active: 1 })
    expect(await domain.isAccepted(key)).toBe(true)
  })

  it('does not tell that an owner is disabled to who has a dead key', async () => {
    const { key, row } = await domain.createKey(owner)
    await revokeApiKey(domain.context, actorOf(owner), row.id)
    await domain.storage.users.update(owner.userId, { is_active: 0 })
    await expect(domain.principalOf(key)).rejects.toEqual(refused('INVALID_API_KEY'))
  })

  it('may at each moment what its owner may: demoted, removed, taken in again', async () => {
    const organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    const { key } = await domain.createKey(owner)
    const access = {
      kind: 'organization',
      scopes: ['user:write'],
      permission: 'organization:manage-members',
    } as const
    const attempt = async () => enter(domain.context, await domain.principalOf(key), access, organizationId)
    const { db } = domain.engine
    const setRole = (role: string) =>
      db.updateTable('memberships').set({ role }).where('user_id', '=', owner.userId).execute()

    expect(await attempt()).toEqual({ organizationId, role: 'owner' })
    await setRole('admin')
    expect(await attempt()).toEqual({ organizationId, role: 'admin' })
    await setRole('member')
    await expect(attempt()).rejects.toEqual(refused('INSUFFICIENT_PERMISSIONS'))
    const [membership] = await db
      .deleteFrom('memberships')
      .where('user_id', '=', owner.userId)
      .returningAll()
      .execute()
    await expect(attempt()).rejects.toEqual(refused('FORBIDDEN'))
    if (membership)
      await db
        .insertInto('memberships')
        .values({ ...membership, role: 'owner' })
        .execute()
    expect(await attempt()).toEqual({ organizationId, role: 'owner' })
  })

  it('outlives a change of the prefix that new keys get', async () => {
    const { key } = await domain.createKey(owner)
    const renamed = createTestDomain(domain.engine, { keyPrefix: 'acme_' })
    const { key: newKey } = await renamed.createKey(owner)
    expect(newKey).toMatch(/^acme_/)
    expect(await renamed.principalOf(key)).toMatchObject({ userId: owner.userId })
    expect(await renamed.principalOf(newKey)).toMatchObject({ userId: owner.userId })
  })
})
