import { beforeAll, describe, expect, it } from 'vitest'
import { fillAccount, findUserTables } from '../../testing/fill-account'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { projectRow } from '../../testing/rows'
import { searchTables } from '../../testing/search-tables'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { PASSWORD_POLICY } from '../guesses/decide-guess'
import {
  devicePasswordSubject,
  passwordSubject,
  secondFactorSubject,
  sessionPasswordSubject,
  takeGuess,
} from '../guesses/take-guess'
import { organizationPeople } from '../members/testing/organization-people'
import type { SessionPrincipal } from '../principals/principal'
import { decideLeaving } from './decide-leaving'
import { deleteAccount } from './delete-account'

describe('leaving', () => {
  const organization = (id: string, role: string, member_count: number, owner_count: number) => ({
    id,
    name: id,
    role,
    member_count,
    owner_count,
  })

  it('is hindered by others without another owner, and leaves nobody where there is nobody else', () => {
    const { needed, left } = decideLeaving([
      organization('alone', 'owner', 1, 1),
      organization('last owner', 'owner', 2, 1),
      organization('one of two owners', 'owner', 2, 2),
      organization('member', 'member', 2, 1),
      organization('admin', 'admin', 9, 1),
      organization('one of two owners with others', 'owner', 3, 2),
    ])
    expect(needed.map(({ id }) => id)).toEqual(['last owner'])
    expect(left.map(({ id }) => id)).toEqual(['alone'])
  })
})

describeOnEachEngine('deleting an account', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  const remove = (user: SessionPrincipal) => deleteAccount(domain.context, actorOf(user))
  const isThere = async ({ userId }: SessionPrincipal) =>
    (await domain.storage.users.find(userId)) !== undefined
  const organizationIds = async (ids: readonly string[]) => {
    const rows = await domain.engine.db
      .selectFrom('organizations')
      .select('id')
      .where('id', 'in', ids)
      .orderBy('id')
      .execute()
    return rows.map(({ id }) => id)
  }
  const makeProject = async (organizationId: string, { userId }: SessionPrincipal) => {
    const row = { ...projectRow(organizationId, domain.context.newId()), created_by_user_id: userId }
    await domain.engine.db.insertInto('projects').values(row).execute()
    return row.id
  }

  it('leaves nothing of it in any table, and what others have as it is', async () => {
    const [user, other] = [await domain.signUp(), await domain.signUp()]
    const email = (await domain.storage.users.find(user.userId))?.email ?? ''
    const mine = await domain.foundOrganization({ [user.userId]: 'owner' })
    const theirs = await domain.foundOrganization({ [user.userId]: 'member', [other.userId]: 'owner' })
    await makeProject(mine, user)
    const shared = await makeProject(theirs, user)
    const { row: key } = await domain.createKey(other, { metadata: { organizationId: theirs } })
    await domain.createKey(user)
    for (const person of [user, other]) {
      const address = (await domain.storage.users.find(person.userId))?.email ?? ''
      const account = { userId: person.userId, email: address, organizationId: theirs }
      await fillAccount(domain.engine.db, account, domain.now())
    }
    // Else this test would miss a table.
    const before = await searchTables(domain.engine.db, [user.userId, email])
    for (const { table, column } of await findUserTables(domain.engine.db))
      expect(before).toContain(`${table}.${column}`)
    const others = await searchTables(domain.engine.db, [other.userId])

    await remove(user)
    expect(await searchTables(domain.engine.db, [email])).toEqual([])
    // The logs of organizations tell by id who did what in them.
    expect(await searchTables(domain.engine.db, [user.userId])).toEqual([
      'audit_events.actor_id',
      'audit_events.details',
    ])
    expect(await searchTables(domain.engine.db, [other.userId])).toEqual(others)
    expect(await organizationIds([mine, theirs])).toEqual([theirs])
    expect(await domain.storage.projects.find(theirs, shared)).toMatchObject({
      created_by_user_id: null,
      creator_full_name: null,
    })
    expect(await domain.storage.apiKeys.find({ userId: other.userId, organizationId: null }, key.id)).toEqual(
      key,
    )
  })

  it('is in the log of each organization: those that go on, and those that end with it', async () => {
    const [user, other] = [await domain.signUp(), await domain.signUp()]
    const { audited, memberId } = organizationPeople(domain)
    const mine = await domain.foundOrganization({ [user.userId]: 'owner' })
    const theirs = await domain.foundOrganization({ [user.userId]: 'admin', [other.userId]: 'owner' })
    const membership = await memberId(theirs, user)
    await domain.createKey(user, { metadata: { organizationId: theirs } })
    await remove(user)
    const by = { actor: user.userId, credential: user.credentialId }
    const details = { name: mine, slug: mine.toLowerCase() }
    expect(await audited(mine)).toEqual([{ action: 'organization.deleted', ...by, resource: mine, details }])
    expect((await audited(theirs)).slice(1)).toEqual([
      {
        action: 'member.left',
        ...by,
        resource: membership,
        details: { userId: user.userId, role: 'admin', accountDeleted: true },
      },
    ])
  })

  it('tells its address by mail, once', async () => {
    const user = await domain.signUp()
    const email = (await domain.storage.users.find(user.userId))?.email
    const sent = domain.mails.length
    await Promise.allSettled([remove(user), remove(user)])
    expect(domain.mails.slice(sent)).toMatchObject([{ to: email, subject: 'Your account was deleted' }])
    await expect(remove(user)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(domain.mails.length).toBe(sent + 1)
  })

  it('forgets the guesses that were made at it, and those alone', async () => {
    const [user, other] = [await domain.signUp(), await domain.signUp()]
    const subjectsOf = async ({ userId }: SessionPrincipal) => {
      const email = (await domain.storage.users.find(userId))?.email ?? ''
      const organizationId = await domain.foundOrganization({ [userId]: 'owner' })
      await fillAccount(domain.engine.db, { userId, email, organizationId }, domain.now())
      const [device] = await domain.storage.devices.listLive(userId, domain.now())
      return [
        passwordSubject(domain.context, email),
        devicePasswordSubject(domain.context, device?.id ?? ''),
        sessionPasswordSubject(domain.context, userId),
        secondFactorSubject(domain.context, userId),
      ]
    }
    const [own, others] = [await subjectsOf(user), await subjectsOf(other)]
    for (const subject of [...own, ...others]) await takeGuess(domain.context, subject, PASSWORD_POLICY)
    await remove(user)
    const kept = await domain.engine.db.selectFrom('guess_counters').select('subject').execute()
    expect(kept.map(({ subject }) => subject).sort()).toEqual([...others].sort())
  })

  it('is refused to the last owner of others, by name, and changes nothing then', async () => {
    const [user, other] = [await domain.signUp(), await domain.signUp()]
    const alone = await domain.foundOrganization({ [user.userId]: 'owner' })
    const shared = await domain.foundOrganization({ [user.userId]: 'owner', [other.userId]: 'admin' })
    await domain.storage.organizations.update(shared, { name: 'Acme' })
    await domain.createKey(user)
    const sent = domain.mails.length
    const error = await remove(user).catch(thrown => thrown)
    expect(error).toMatchObject({
      code: 'CONFLICT',
      detail: { organizations: [{ id: shared, name: 'Acme' }] },
    })
    expect(error.message).toContain('"Acme"')
    expect(await isThere(user)).toBe(true)
    expect(await domain.storage.sessions.listLive(user.userId, domain.now())).toHaveLength(1)
    expect(await domain.storage.apiKeys.countLive(user.userId, domain.now())).toBe(1)
    expect(await organizationIds([alone, shared])).toEqual([alone, shared])
    expect(await organizationPeople(domain).audited(alone)).toEqual([])
    expect(domain.mails.length).toBe(sent)
  })

  it('by two owners at once never leaves the others without one', async () => {
    for (let round = 0; round < 8; round++) {
      const [ada, bob, member] = [await domain.signUp(), await domain.signUp(), await domain.signUp()]
      const id = await domain.foundOrganization({
        [ada.userId]: 'owner',
        [bob.userId]: 'owner',
        [member.userId]: 'member',
      })
      const results = await Promise.allSettled([remove(ada), remove(bob)])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'CONFLICT', detail: { organizations: [{ id, name: id }] } },
      })
      expect(await Promise.all([isThere(ada), isThere(bob)])).toContain(true)
    }
  })

  it('by all members at once leaves no organization behind', async () => {
    for (let round = 0; round < 4; round++) {
      const [ada, bob] = [await domain.signUp(), await domain.signUp()]
      const id = await domain.foundOrganization({ [ada.userId]: 'owner', [bob.userId]: 'owner' })
      await Promise.all([remove(ada), remove(bob)])
      expect(await organizationIds([id])).toEqual([])
    }
  })

  it('while a key is made leaves no key', async () => {
    for (let round = 0; round < 4; round++) {
      const user = await domain.signUp()
      const [made] = await Promise.allSettled([domain.createKey(user), remove(user)])
      if (made.status === 'rejected') expect(made.reason).toMatchObject({ code: 'NOT_FOUND' })
      else expect(await domain.isAccepted(made.value.key)).toBe(false)
      expect(await domain.storage.apiKeys.countLive(user.userId, domain.now())).toBe(0)
    }
  })
})
