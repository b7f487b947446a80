import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StorageEngine } from '../../storage/engine'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { deleteAccount } from '../accounts/delete-account'
import { setUserActive } from '../accounts/set-user-active'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { resolveSession } from '../principals/resolve-session'
import { createSession } from '../sessions/create-session'
import { openInvitation } from './open-invitation'
import { type InvitedPeople, invitedPeople } from './testing/invited-people'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const WEEK = 7 * 24 * HOUR
const refused = (code: string) => expect.objectContaining({ code })
const invalid = refused('INVALID_TOKEN')
const countFulfilled = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length

describeOnEachEngine('an invitation', open => {
  let engine: StorageEngine
  let domain: TestDomain
  let people: InvitedPeople
  let owner: SessionPrincipal
  let admin: SessionPrincipal
  let guest: SessionPrincipal
  let email: string
  let organizationId: string
  let counter = 0
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(async () => {
    domain = createTestDomain(engine)
    people = invitedPeople(domain)
    owner = await people.signUp(newAddress())
    admin = await people.signUp(newAddress())
    email = newAddress()
    guest = await people.signUp(email)
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [admin.userId]: 'admin' })
  })
  const newAddress = () => `guest-${++counter}@example.com`
  const membershipOf = async ({ userId }: SessionPrincipal) =>
    (await people.members(organizationId)).filter(({ user_id }) => user_id === userId)
  const anotherSession = async ({ userId }: SessionPrincipal) => {
    const device = { ipAddress: '192.0.2.7', userAgent: 'test' }
    const { token } = await createSession(domain.context, domain.storage, userId, device, true)
    return resolveSession(domain.context, token)
  }

  it('makes a member with the invited role and its own id, once', async () => {
    const { id, token } = await people.invite(admin, organizationId, email, 'admin')
    const member = await people.accept(guest, token)
    expect(member).toMatchObject({ organization_id: organizationId, id, role: 'admin', email })
    expect(await domain.storage.memberships.findOfUser(organizationId, guest.userId)).toEqual(member)
    expect(await people.rows(organizationId)).toEqual([])
    await expect(people.accept(guest, token)).rejects.toEqual(invalid)
    expect((await people.audited(organizationId)).at(-1)).toEqual({
      act: 'invitation.accepted success',
      by: guest.userId,
      id,
      email,
      role: 'admin',
    })
  })

  it('makes a member of no organization but its own, which stays so after leaving', async () => {
    const other = await domain.foundOrganization({ [owner.userId]: 'owner' })
    const mine = await people.invite(owner, organizationId, email)
    const theirs = await people.invite(owner, other, email, 'owner')
    await people.accept(guest, theirs.token)
    expect(await membershipOf(guest)).toEqual([])
    await people.remove(other, guest)
    await expect(people.accept(guest, theirs.token)).rejects.toEqual(invalid)
    expect(await people.accept(guest, mine.token)).toMatchObject({ id: mine.id, role: 'member' })
    expect((await people.members(other)).map(({ user_id }) => user_id)).toEqual([owner.userId])
  })

  it('shows what it is for, and no more, while it is pending', async () => {
    const { token } = await people.invite(owner, organizationId, email)
    expect(await openInvitation(domain.context, token)).toMatchObject({
      organization_name: organizationId,
      inviter_full_name: owner.userId,
      email,
    })
    domain.advance(WEEK)
    await expect(openInvitation(domain.context, token)).rejects.toEqual(invalid)
  })

  it.each(['', 'x', 'a'.repeat(43), '%00', '\u0000', '../..', "' or 1=1 --"])(
    'is not found by the guess %j',
    async guess => {
      await people.invite(owner, organizationId, email)
      await expect(people.accept(guest, guess)).rejects.toEqual(invalid)
      await expect(openInvitation(domain.context, guess)).rejects.toEqual(invalid)
    },
  )

  it('is not found by what the database holds of it', async () => {
    await people.invite(owner, organizationId, email)
    const [row] = await people.rows(organizationId)
    for (const text of [row?.token_hash ?? '', row?.id ?? '', email])
      await expect(people.accept(guest, text)).rejects.toEqual(invalid)
  })

  it('is good to the last millisecond of its life, and not one later', async () => {
    const late = await people.signUp(newAddress())
    const lateAddress = `guest-${counter}@example.com`
    const early = await people.invite(owner, organizationId, email)
    const { token } = await people.invite(owner, organizationId, lateAddress)
    domain.advance(WEEK - 1)
    await people.accept(guest, early.token)
    domain.advance(1)
    await expect(people.accept(late, token)).rejects.toEqual(invalid)
  })

  it('is dead once it was replaced or cancelled, and for ever', async () => {
    const { id, token: first } = await people.invite(owner, organizationId, email)
    domain.advance(MINUTE)
    await people.resend(owner, organizationId, id)
    await expect(people.accept(guest, first)).rejects.toEqual(invalid)
    await people.cancel(owner, organizationId, id)
    domain.advance(MINUTE)
    const { token: last } = await people.invite(owner, organizationId, email)
    for (const dead of people.tokensTo(email).slice(0, 2))
      await expect(people.accept(guest, dead)).rejects.toEqual(invalid)
    await people.accept(guest, last)
  })

  describe('is refused', () => {
    /** Tries, is refused, and leaves nothing but an entry in the audit log. */
    const expectRefusal = async (by: SessionPrincipal, token: string, code: string, reason: string) => {
      const before = await people.rows(organizationId)
      const members = await people.members(organizationId)
      await expect(people.accept(by, token)).rejects.toEqual(refused(code))
      expect(await people.rows(organizationId)).toEqual(before)
      expect(await people.members(organizationId)).toEqual(members)
      expect((await people.audited(organizationId)).at(-1)).toEqual({
        act: 'invitation.accepted refused',
        by: by.userId,
        id: before[0]?.id,
        email,
        role: before[0]?.role,
        reason,
      })
    }

    it('to another account, which is not told the address', async () => {
      const { token } = await people.invite(owner, organizationId, email)
      const thief = await people.signUp(newAddress())
      await expectRefusal(thief, token, 'FORBIDDEN', 'wrong_account')
      const error = await people.accept(thief, token).catch(error => error)
      expect(JSON.stringify([error.message, error.detail])).not.toContain(email)
      await people.accept(guest, token)
    })

    it('to an account that has not proved the address, until it has', async () => {
      await domain.storage.users.update(guest.userId, { email_verified_at: null })
      const { token } = await people.invite(owner, organizationId, email)
      await expectRefusal(guest, token, 'EMAIL_NOT_VERIFIED', 'email_not_verified')
      await domain.storage.users.update(guest.userId, { email_verified_at: 1 })
      await people.accept(guest, token)
    })

    it('to an account that gave the address up', async () => {
      const { token } = await people.invite(owner, organizationId, email)
      await domain.storage.users.update(guest.userId, { email: newAddress() })
      await expectRefusal(guest, token, 'FORBIDDEN', 'wrong_account')
    })

    it('to a member, who keeps the role', async () => {
      const { token } = await people.invite(owner, organizationId, email, 'owner')
      await domain.storage.users.update(guest.userId, { email: newAddress() })
      await domain.storage.users.update(admin.userId, { email })
      await expectRefusal(admin, token, 'CONFLICT', 'member_already')
    })

    const disable = async ({ userId }: SessionPrincipal) =>
      setUserActive(domain.context, (await domain.storage.users.find(userId))?.email ?? '', false)
    it.each<[string, () => Promise<unknown>]>([
      ['was demoted', () => people.setRole(organizationId, admin, 'member')],
      ['was removed', () => people.remove(organizationId, admin)],
      ['was disabled', () => disable(admin)],
      ['deleted the account', () => domain.storage.users.delete(admin.userId)],
    ])('if the inviter %s, until somebody else sends it again', async (_what, change) => {
      const { id, token } = await people.invite(admin, organizationId, email)
      await change()
      await expectRefusal(guest, token, 'FORBIDDEN', 'inviter_without_right')
      domain.advance(MINUTE)
      await people.resend(owner, organizationId, id)
      await expect(people.accept(guest, token)).rejects.toEqual(invalid)
      expect(await people.accept(guest, people.tokensTo(email).at(-1) ?? '')).toMatchObject({ id })
    })

    it('as an owner, if the inviter is an admin by now', async () => {
      const { token } = await people.invite(owner, organizationId, email, 'owner')
      await people.setRole(organizationId, owner, 'admin')
      await expectRefusal(guest, token, 'FORBIDDEN', 'inviter_without_right')
    })

    it('if the plan has no seat for it any more', async () => {
      const { token } = await people.invite(owner, organizationId, email)
      await people.invite(owner, organizationId, newAddress())
      const [a, b] = [domain, createTestDomain(engine, { defaultPlan: 'free' })]
      people = invitedPeople(b)
      await expectRefusal(guest, token, 'PLAN_LIMIT_REACHED', 'no_seat')
      people = invitedPeople(a)
      await people.accept(guest, token)
    })

    it('to a key that is pinned to an organization, whichever; others will do', async () => {
      const { token } = await people.invite(owner, organizationId, email)
      const home = await domain.foundOrganization({ [guest.userId]: 'owner' })
      const { key: pinned } = await domain.createKey(guest, { metadata: { organizationId: home } })
      await expect(people.accept(await domain.principalOf(pinned), token)).rejects.toEqual(
        refused('FORBIDDEN'),
      )
      const { key } = await domain.createKey(guest)
      await people.accept(await domain.principalOf(key), token)
    })

    it('to an account that was disabled since the request was let in', async () => {
      const { token } = await people.invite(owner, organizationId, email)
      await disable(guest)
      await expect(people.accept(guest, token)).rejects.toEqual(refused('USER_NOT_ACTIVE'))
      expect(await membershipOf(guest)).toEqual([])
    })

    it('once its organization is gone', async () => {
      const { token } = await people.invite(owner, organizationId, email)
      await domain.storage.organizations.delete(organizationId)
      await expect(people.accept(guest, token)).rejects.toEqual(invalid)
    })
  })

  describe('accepted many times at once', () => {
    it('by ten sessions of the invited makes one member', async () => {
      const { id, token } = await people.invite(owner, organizationId, email)
      const sessions = await Promise.all(Array.from({ length: 10 }, () => anotherSession(guest)))
      const results = await Promise.allSettled(sessions.map(session => people.accept(session, token)))
      expect(countFulfilled(results)).toBe(1)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(invalid)
      expect((await membershipOf(guest)).map(member => member.id)).toEqual([id])
      const acts = (await people.audited(organizationId)).map(({ act }) => act)
      expect(acts).toEqual(['invitation.sent success', 'invitation.accepted success'])
    })

    it('by the invited and others makes a member of the invited alone', async () => {
      const { token } = await people.invite(owner, organizationId, email)
      const others = await Promise.all(Array.from({ length: 9 }, () => people.signUp(newAddress())))
      const all = [...others.slice(0, 5), guest, ...others.slice(5)]
      const results = await Promise.allSettled(all.map(user => people.accept(user, token)))
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual(all.map(user => user === guest))
      expect(await people.members(organizationId)).toHaveLength(3)
    })
  })

  it('accepted while it is cancelled is one of the two', async () => {
    for (let round = 0; round < 8; round++) {
      const { id, token } = await people.invite(owner, organizationId, email)
      const acts = [() => people.accept(guest, token), () => people.cancel(admin, organizationId, id)]
      if (round % 2) acts.reverse()
      const results = await Promise.allSettled(acts.map(act => act()))
      expect(countFulfilled(results)).toBe(1)
      const isMember = (await membershipOf(guest)).length === 1
      expect(isMember).toBe(results[round % 2]?.status === 'fulfilled')
      expect(await people.rows(organizationId)).toEqual([])
      await expect(people.accept(guest, token)).rejects.toEqual(invalid)
      await people.remove(organizationId, guest)
      domain.advance(HOUR)
    }
  })

  it('accepted while it is sent again is one of the two', async () => {
    for (let round = 0; round < 8; round++) {
      const { id, token } = await people.invite(owner, organizationId, email)
      domain.advance(MINUTE)
      const acts = [() => people.accept(guest, token), () => people.resend(admin, organizationId, id)]
      if (round % 2) acts.reverse()
      const results = await Promise.allSettled(acts.map(act => act()))
      expect(countFulfilled(results)).toBe(1)
      await expect(people.accept(guest, token)).rejects.toEqual(invalid)
      const isResent = results[round % 2]?.status === 'rejected'
      if (isResent) await people.accept(guest, people.tokensTo(email).at(-1) ?? '')
      expect((await membershipOf(guest)).map(member => member.id)).toEqual([id])
      await people.remove(organizationId, guest)
      domain.advance(HOUR)
    }
  })

  it('accepted while the inviter sends another and deletes the account holds nobody up', async () => {
    for (let round = 0; round < 4; round++) {
      domain.advance(HOUR)
      const leaver = await people.signUp(newAddress())
      const row = {
        organization_id: organizationId,
        id: leaver.userId,
        user_id: leaver.userId,
        role: 'admin',
      }
      await domain.storage.memberships.insert({ ...row, created_at: 0, updated_at: 0 })
      const { token } = await people.invite(leaver, organizationId, email)
      const results = await Promise.allSettled([
        people.invite(leaver, organizationId, newAddress()),
        deleteAccount(domain.context, actorOf(leaver)),
        people.accept(guest, token),
      ])
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DomainError)
      expect(results[1]?.status).toBe('fulfilled')
      await people.remove(organizationId, guest)
      for (const left of await people.rows(organizationId))
        await people.cancel(owner, organizationId, left.id)
    }
  })

  it('leaves no token in log and audit log, whether accepted or refused', async () => {
    const { token } = await people.invite(owner, organizationId, email)
    await people.accept(admin, token).catch(() => {})
    await people.accept(guest, token)
    const events = await engine.db.selectFrom('audit_events').selectAll().execute()
    expect(events.length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify([events, domain.logged])).not.toContain(token)
  })
})
