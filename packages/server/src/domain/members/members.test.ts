import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { rotateApiKey } from '../api-keys/rotate-api-key'
import { leaveOrganization } from '../organizations/leave-organization'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { removeMember } from './remove-member'
import { type OrganizationPeople, organizationPeople } from './testing/organization-people'
import { updateMemberRole } from './update-member-role'

const refused = (code: string) => expect.objectContaining({ code })
const forOwners = refused('INSUFFICIENT_PERMISSIONS')

describeOnEachEngine('members', open => {
  let domain: TestDomain
  let people: OrganizationPeople
  let owner: SessionPrincipal
  let admin: SessionPrincipal
  let member: SessionPrincipal
  let id: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    people = organizationPeople(domain)
  })
  beforeEach(async () => {
    ;[owner, admin, member] = [await domain.signUp(), await domain.signUp(), await domain.signUp()]
    id = await domain.foundOrganization({
      [owner.userId]: 'owner',
      [admin.userId]: 'admin',
      [member.userId]: 'member',
    })
  })
  const setRole = async (by: Principal, of: Principal, role: 'owner' | 'admin' | 'member') =>
    updateMemberRole(domain.context, actorOf(by), id, await people.memberId(id, of), role)
  const remove = async (by: Principal, of: Principal) =>
    removeMember(domain.context, actorOf(by), id, await people.memberId(id, of))
  const leave = (by: Principal) => leaveOrganization(domain.context, actorOf(by), id)
  const pinnedKey = (maker: Principal) => domain.createKey(maker, { metadata: { organizationId: id } })

  /** Runs what must be refused, and changes nothing, in the table nor in the log. */
  const expectRefused = async (error: unknown, ...acts: (() => Promise<unknown>)[]) => {
    const before = [await people.roles(id), await people.audited(id)]
    for (const act of acts) await expect(act()).rejects.toEqual(error)
    expect([await people.roles(id), await people.audited(id)]).toEqual(before)
  }

  describe('of a lower role cannot rise', () => {
    it('an admin makes nobody an owner, itself least of all', () =>
      expectRefused(
        forOwners,
        () => setRole(admin, admin, 'owner'),
        () => setRole(admin, member, 'owner'),
      ))

    it('an admin neither demotes nor removes an owner, not even one of two', async () => {
      await people.join(id, await domain.signUp(), 'owner')
      await expectRefused(
        forOwners,
        () => setRole(admin, owner, 'member'),
        () => setRole(admin, owner, 'admin'),
        () => setRole(admin, owner, 'owner'),
        () => remove(admin, owner),
      )
    })

    it('nor by a key with every scope', async () => {
      const key = await domain.principalOf((await domain.createKey(admin)).key)
      await expectRefused(
        forOwners,
        () => setRole(key, admin, 'owner'),
        () => remove(key, owner),
      )
    })

    it('a member manages nobody, though it was let in as an admin a moment ago', async () => {
      const key = await domain.principalOf((await pinnedKey(member)).key)
      for (const by of [member, key]) {
        await expectRefused(
          refused('INSUFFICIENT_PERMISSIONS'),
          () => setRole(by, member, 'admin'),
          () => setRole(by, admin, 'member'),
          () => remove(by, admin),
          () => remove(by, owner),
        )
      }
    })

    it('who is no member (any more) manages nobody, owner or not', async () => {
      const stranger = await domain.signUp()
      await expectRefused(
        refused('FORBIDDEN'),
        () => setRole(stranger, member, 'admin'),
        () => remove(stranger, member),
        () => leave(stranger),
      )
    })
  })

  it('always have an owner: the last neither leaves nor is demoted or removed, and is told what to do', async () => {
    const error = expect.objectContaining({
      code: 'CONFLICT',
      message: expect.stringContaining('Make another member an owner first, or delete the organization'),
    })
    await expectRefused(
      error,
      () => leave(owner),
      () => remove(owner, owner),
      () => setRole(owner, owner, 'admin'),
      () => setRole(owner, owner, 'member'),
    )
    await setRole(owner, member, 'owner')
    await leave(owner)
    await expectRefused(error, () => leave(member))
    expect(await people.roles(id)).toEqual({ [admin.userId]: 'admin', [member.userId]: 'owner' })
  })

  it('have the role of now on their next request, by session and by key', async () => {
    const credentials = [
      admin,
      await domain.principalOf((await domain.createKey(admin)).key),
      await domain.principalOf((await pinnedKey(admin)).key),
    ]
    const answers = () => Promise.all(credentials.map(by => people.manage(id, by)))
    expect(await answers()).toEqual(['OK', 'OK', 'OK'])
    expect(await setRole(owner, admin, 'member')).toMatchObject({ user_id: admin.userId, role: 'member' })
    expect(await answers()).toEqual(Array(3).fill('INSUFFICIENT_PERMISSIONS'))
    await setRole(owner, admin, 'owner')
    expect(await answers()).toEqual(['OK', 'OK', 'OK'])
    await remove(owner, admin)
    expect(await answers()).toEqual(Array(3).fill('FORBIDDEN'))
  })

  describe('who go', () => {
    const ways: [string, () => Promise<void>][] = [
      ['removed', () => remove(owner, admin)],
      ['by themselves', () => leave(admin)],
      ['by removing themselves', () => remove(admin, admin)],
      ['by a key of theirs that is pinned there', async () => leave(await pinned())],
    ]
    const pinned = async () => domain.principalOf((await pinnedKey(admin)).key)

    it.each(ways)('%s lose the keys pinned there for good, and no others', async (_how, go) => {
      const elsewhere = await domain.foundOrganization({ [admin.userId]: 'owner' })
      const dead = await pinnedKey(admin)
      const disabled = await pinnedKey(admin)
      await domain.engine.db
        .updateTable('api_keys')
        .set({ enabled: 0 })
        .where('id', '=', disabled.row.id)
        .execute()
      const kept = [
        await domain.createKey(admin),
        await domain.createKey(admin, { metadata: { organizationId: elsewhere } }),
        await pinnedKey(member),
      ]
      await go()
      expect(await domain.isAccepted(dead.key)).toBe(false)
      for (const { key } of kept) expect(await domain.isAccepted(key)).toBe(true)
      expect(await people.manage(id, admin)).toBe('FORBIDDEN')
      const unpinned = await domain.principalOf(kept[0]!.key)
      expect(await people.manage(id, unpinned)).toBe('FORBIDDEN')

      await people.join(id, admin, 'admin')
      expect(await people.manage(id, unpinned)).toBe('OK')
      expect(await domain.isAccepted(dead.key)).toBe(false)
      const rows = await domain.storage.apiKeys.listAll({ userId: admin.userId, organizationId: id })
      expect(rows.every(({ revoked_at }) => revoked_at !== null)).toBe(true)
    })

    it('leave no key behind that was made or rotated at the same moment', async () => {
      for (let round = 0; round < 6; round++) {
        const old = await pinnedKey(admin)
        const rotation = { keyId: old.row.id, gracePeriodSeconds: 60, expiresInSeconds: undefined }
        const results = await Promise.allSettled([
          pinnedKey(admin),
          rotateApiKey(domain.context, actorOf(admin), { ...rotation, requestKey: 'again' }),
          remove(owner, admin),
        ])
        expect(results[2].status).toBe('fulfilled')
        for (const result of results) {
          if (result.status === 'rejected')
            expect(result.reason.code).toMatch(/^(FORBIDDEN|CONFLICT|NOT_FOUND)$/)
        }
        await people.join(id, admin, 'admin')
        const keys = await domain.storage.apiKeys.listAll({ userId: admin.userId, organizationId: id })
        expect(keys.filter(({ revoked_at }) => revoked_at === null)).toEqual([])
      }
    })
  })

  it('of another organization of the caller are told from those that are not there', async () => {
    const other = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
    const foreign = await domain.foundOrganization({ [admin.userId]: 'owner' })
    const elsewhere = await people.memberId(other, member)
    const strangers = await people.memberId(foreign, admin)
    const pinned = await domain.principalOf((await pinnedKey(owner)).key)
    const cases: [Principal, string, string][] = [
      [owner, elsewhere, 'TENANT_VIOLATION'],
      [pinned, elsewhere, 'NOT_FOUND'],
      [owner, strangers, 'NOT_FOUND'],
      [owner, 'nobody', 'NOT_FOUND'],
    ]
    for (const [by, memberId, code] of cases) {
      const actor = actorOf(by)
      await expectRefused(
        refused(code),
        () => updateMemberRole(domain.context, actor, id, memberId, 'admin'),
        () => removeMember(domain.context, actor, id, memberId),
      )
    }
    expect(await people.roles(other)).toEqual({ [owner.userId]: 'owner', [member.userId]: 'member' })
  })

  it('are changed and removed in the words of the audit log; what changes nothing is not in it', async () => {
    const key = await domain.principalOf((await domain.createKey(admin)).key)
    const [adminId, memberId] = [await people.memberId(id, admin), await people.memberId(id, member)]
    await pinnedKey(member)
    await setRole(owner, member, 'member')
    await setRole(owner, owner, 'owner')
    const log = (await people.audited(id)).length
    await setRole(key, member, 'admin')
    await remove(owner, member)
    await leave(admin)
    expect((await people.audited(id)).slice(log)).toEqual([
      {
        action: 'member.role_changed',
        actor: admin.userId,
        credential: key.credentialId,
        resource: memberId,
        details: { userId: member.userId, from: 'member', to: 'admin' },
      },
      {
        action: 'member.removed',
        actor: owner.userId,
        credential: owner.credentialId,
        resource: memberId,
        details: { userId: member.userId, role: 'admin', revokedKeys: 1 },
      },
      {
        action: 'member.left',
        actor: admin.userId,
        credential: admin.credentialId,
        resource: adminId,
        details: { userId: admin.userId, role: 'admin', revokedKeys: 0 },
      },
    ])
  })
})
