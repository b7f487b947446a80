import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StorageEngine } from '../../storage/engine'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { setUserActive } from '../accounts/set-user-active'
import type { SessionPrincipal } from '../principals/principal'
import { listInvitations } from './list-invitations'
import { type NewInvitation, sendInvitations } from './send-invitations'
import { type InvitedPeople, invitedPeople } from './testing/invited-people'

const MINUTE = 60_000
const WEEK = 7 * 24 * 60 * MINUTE
const page = { offset: 0, limit: 100, sort: 'email' }
const refused = (code: string) => expect.objectContaining({ code })

describeOnEachEngine('invitations', open => {
  let engine: StorageEngine
  let domain: TestDomain
  let people: InvitedPeople
  let owner: SessionPrincipal
  let admin: SessionPrincipal
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
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [admin.userId]: 'admin' })
  })
  const newAddress = () => `someone-${++counter}@example.com`
  const send = (invites: NewInvitation[], by = owner) =>
    sendInvitations(domain.context, actorOf(by), organizationId, invites)
  const expectNothingSent = async () => {
    expect(await people.rows(organizationId)).toEqual([])
    expect(domain.mails).toEqual([])
    expect(await people.audited(organizationId)).toEqual([])
  }

  describe('sent', () => {
    it('stand in the order asked for, each with a mail, and are listed', async () => {
      const [first, second] = ['zoe@example.com', 'Ada@Example.com']
      const sent = await send([
        { email: first, role: 'admin' },
        { email: second, role: 'member' },
      ])
      expect(sent.map(({ email, role }) => [email, role])).toEqual([
        ['zoe@example.com', 'admin'],
        ['ada@example.com', 'member'],
      ])
      expect(domain.mails.map(({ to }) => to)).toEqual(['zoe@example.com', 'ada@example.com'])
      const listed = await listInvitations(domain.context, organizationId, page)
      expect(listed).toEqual({ items: [sent[1], sent[0]], total: 2 })
      expect(listed.items[0]).toMatchObject({
        invited_by_user_id: owner.userId,
        inviter_full_name: owner.userId,
        sent_at: domain.now(),
        expires_at: domain.now() + WEEK,
      })
      const found = await listInvitations(domain.context, organizationId, { ...page, q: 'ADA@' })
      expect(found.items.map(({ email }) => email)).toEqual(['ada@example.com'])
      const elsewhere = await domain.foundOrganization({ [owner.userId]: 'owner' })
      expect((await listInvitations(domain.context, elsewhere, page)).total).toBe(0)
    })

    it.each<[string, () => NewInvitation[], object]>([
      [
        'an address is given twice, in other letters',
        () => [
          { email: 'ada@example.com', role: 'member' },
          { email: 'bob@example.com', role: 'member' },
          { email: ' ADA@example.COM', role: 'admin' },
        ],
        {
          code: 'VALIDATION_ERROR',
          detail: { fields: [expect.objectContaining({ field: 'invites.2.email' })] },
        },
      ],
      [
        'an address is that of a member',
        () => [
          { email: 'ada@example.com', role: 'member' },
          { email: `someone-${counter}@example.com`, role: 'member' },
        ],
        { code: 'CONFLICT', detail: { conflictField: 'invites.1.email' } },
      ],
    ])('are none if %s', async (_what, invites, error) => {
      await expect(send(invites())).rejects.toMatchObject(error)
      await expectNothingSent()
    })

    it('tell nothing of whether an address has an account', async () => {
      const known = newAddress()
      await people.signUp(known)
      const sent = await send([
        { email: known, role: 'member' },
        { email: newAddress(), role: 'member' },
      ])
      const [a, b] = sent.map(row => ({ ...row, id: '', email: '', token_hash: '' }))
      expect(a).toEqual(b)
      const said = domain.mails.map(({ to, link, ...mail }) =>
        JSON.stringify(mail)
          .replaceAll(to, '')
          .replaceAll(new URL(link ?? '').hash, ''),
      )
      expect(said).toHaveLength(2)
      expect(said[0]).toBe(said[1])
    })

    it('again renew the same row: role, inviter, time and token', async () => {
      const email = newAddress()
      const first = await people.invite(owner, organizationId, email)
      const [before] = await people.rows(organizationId)
      domain.advance(MINUTE)
      const second = await people.invite(admin, organizationId, email, 'admin')
      expect(second.id).toBe(first.id)
      const [after, ...others] = await people.rows(organizationId)
      expect(others).toEqual([])
      expect(after).toEqual({
        ...before,
        role: 'admin',
        invited_by_user_id: admin.userId,
        token_hash: expect.not.stringMatching(before?.token_hash ?? ''),
        sent_at: domain.now(),
        expires_at: domain.now() + WEEK,
      })
    })

    it('again within the minute are refused, with the rest of the list', async () => {
      const email = newAddress()
      const { id, token } = await people.invite(owner, organizationId, email)
      domain.advance(MINUTE - 1)
      const tooSoon = { code: 'RATE_LIMIT_ERROR', detail: { retryAfterSeconds: 1 } }
      const invites: NewInvitation[] = [newAddress(), email].map(email => ({ email, role: 'member' }))
      await expect(send(invites)).rejects.toMatchObject(tooSoon)
      await expect(people.resend(owner, organizationId, id)).rejects.toMatchObject(tooSoon)
      expect(domain.mails).toHaveLength(1)
      expect(people.tokensTo(email)).toEqual([token])
      domain.advance(1)
      expect(await send(invites)).toHaveLength(2)
    })

    it('for the same address at once are one', async () => {
      const email = newAddress()
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) => people.invite(n % 2 ? owner : admin, organizationId, email)),
      )
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toEqual(refused('RATE_LIMIT_ERROR'))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await people.rows(organizationId)).toHaveLength(1)
      expect(domain.mails).toHaveLength(1)
    })
  })

  describe('of an owner', () => {
    let email: string
    let id: string
    beforeEach(async () => {
      email = newAddress()
      id = (await people.invite(owner, organizationId, email, 'owner')).id
      domain.advance(MINUTE)
    })
    const byAdmin: [string, () => Promise<unknown>][] = [
      ['sent', () => people.invite(admin, organizationId, newAddress(), 'owner')],
      ['sent again', () => people.invite(admin, organizationId, email, 'owner')],
      ['replaced', () => people.invite(admin, organizationId, email, 'member')],
      ['resent', () => people.resend(admin, organizationId, id)],
      ['cancelled', () => people.cancel(admin, organizationId, id)],
    ]

    it.each(byAdmin)('are not %s by an admin', async (_what, attempt) => {
      const before = await people.rows(organizationId)
      await expect(attempt()).rejects.toEqual(refused('INSUFFICIENT_PERMISSIONS'))
      expect(await people.rows(organizationId)).toEqual(before)
      expect(domain.mails).toHaveLength(1)
    })

    it('that expired keep nobody from inviting the address', async () => {
      domain.advance(WEEK)
      await expect(people.resend(admin, organizationId, id)).rejects.toEqual(
        refused('INSUFFICIENT_PERMISSIONS'),
      )
      expect((await people.invite(admin, organizationId, email, 'member')).id).toBe(id)
    })
  })

  it('are sent by nobody who has not verified the own address', async () => {
    const { id } = await people.invite(admin, organizationId, newAddress())
    domain.advance(MINUTE)
    await domain.storage.users.update(admin.userId, { email_verified_at: null })
    const before = await people.rows(organizationId)
    await expect(people.invite(admin, organizationId, newAddress())).rejects.toEqual(
      refused('EMAIL_NOT_VERIFIED'),
    )
    await expect(people.resend(admin, organizationId, id)).rejects.toEqual(refused('EMAIL_NOT_VERIFIED'))
    expect(await people.rows(organizationId)).toEqual(before)
    expect(domain.mails).toHaveLength(1)
  })

  it.each<[string, () => Promise<unknown>, string]>([
    ['was demoted', () => people.setRole(organizationId, admin, 'member'), 'INSUFFICIENT_PERMISSIONS'],
    ['was removed', () => people.remove(organizationId, admin), 'FORBIDDEN'],
    ['was disabled', async () => disable(admin), 'USER_NOT_ACTIVE'],
  ])(
    'are sent, resent and cancelled by nobody who %s since the request was let in',
    async (_, change, code) => {
      const { id } = await people.invite(admin, organizationId, newAddress())
      domain.advance(MINUTE)
      await change()
      const before = await people.rows(organizationId)
      await expect(people.invite(admin, organizationId, newAddress())).rejects.toEqual(refused(code))
      await expect(people.resend(admin, organizationId, id)).rejects.toEqual(refused(code))
      await expect(people.cancel(admin, organizationId, id)).rejects.toEqual(refused(code))
      expect(await people.rows(organizationId)).toEqual(before)
      expect(domain.mails).toHaveLength(1)
    },
  )
  const disable = async ({ userId }: SessionPrincipal) =>
    setUserActive(domain.context, (await domain.storage.users.find(userId))?.email ?? '', false)

  it('of another organization are told apart from those that are not there', async () => {
    const stranger = await people.signUp(newAddress())
    const elsewhere = await domain.foundOrganization({ [stranger.userId]: 'owner', [owner.userId]: 'admin' })
    const asMember = await domain.foundOrganization({ [stranger.userId]: 'owner', [owner.userId]: 'member' })
    const foreign = await domain.foundOrganization({ [stranger.userId]: 'owner' })
    const { key } = await domain.createKey(owner, { metadata: { organizationId } })
    const pinned = await domain.principalOf(key)
    for (const [home, by, code] of [
      [elsewhere, owner, 'TENANT_VIOLATION'],
      [elsewhere, pinned, 'NOT_FOUND'],
      [asMember, owner, 'NOT_FOUND'],
      [foreign, owner, 'NOT_FOUND'],
    ] as const) {
      const { id } = await people.invite(stranger, home, newAddress())
      domain.advance(MINUTE)
      await expect(people.cancel(by, organizationId, id)).rejects.toEqual(refused(code))
      await expect(people.resend(by, organizationId, id)).rejects.toEqual(refused(code))
      expect(await people.rows(home)).toHaveLength(home === elsewhere && by === pinned ? 2 : 1)
    }
  })

  describe('on a plan of three seats', () => {
    beforeEach(async () => {
      domain = createTestDomain(engine, { defaultPlan: 'free' })
      people = invitedPeople(domain)
      await people.remove(organizationId, admin)
    })
    const full = expect.objectContaining({
      code: 'PLAN_LIMIT_REACHED',
      detail: { planLimit: { resource: 'seats', limit: 3, plan: 'free' } },
    })

    it('sent twenty at once, by two, take the one seat that is left', async () => {
      const other = await people.signUp(newAddress())
      const row = { organization_id: organizationId, id: other.userId, user_id: other.userId, role: 'admin' }
      await domain.storage.memberships.insert({ ...row, created_at: 0, updated_at: 0 })
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) =>
          people.invite(n % 2 ? owner : other, organizationId, newAddress()),
        ),
      )
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(full)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await people.rows(organizationId)).toHaveLength(1)
      expect(domain.mails).toHaveLength(1)
    })

    it('sent before the plan had so few can be sent again, but none more', async () => {
      const rich = invitedPeople(createTestDomain(engine))
      const addresses = [newAddress(), newAddress(), newAddress(), newAddress()]
      for (const address of addresses) await rich.invite(owner, organizationId, address)
      domain.advance(MINUTE)
      await people.invite(owner, organizationId, addresses[0] ?? '')
      await expect(people.invite(owner, organizationId, newAddress())).rejects.toEqual(full)
    })

    it('are all sent, or none', async () => {
      await expect(send([1, 2, 3].map(() => ({ email: newAddress(), role: 'member' })))).rejects.toEqual(full)
      await expectNothingSent()
    })

    it('that expired or were cancelled hold no seat, and that are sent again take none more', async () => {
      const [first, second] = [newAddress(), newAddress()]
      const { id } = await people.invite(owner, organizationId, first)
      await people.invite(owner, organizationId, second)
      domain.advance(MINUTE)
      await people.resend(owner, organizationId, id)
      await expect(people.invite(owner, organizationId, newAddress())).rejects.toEqual(full)
      domain.advance(WEEK)
      await people.invite(owner, organizationId, newAddress())
      const { id: last } = await people.invite(owner, organizationId, newAddress())
      await expect(people.resend(owner, organizationId, id)).rejects.toEqual(full)
      await people.cancel(owner, organizationId, last)
      expect((await people.resend(owner, organizationId, id)).expires_at).toBe(domain.now() + WEEK)
    })
  })

  it('leave their acts in the audit log, and their tokens nowhere', async () => {
    const email = newAddress()
    const { id } = await people.invite(owner, organizationId, email, 'admin')
    domain.advance(MINUTE)
    await people.resend(admin, organizationId, id)
    await people.cancel(admin, organizationId, id)
    const details = { id, email, role: 'admin' }
    expect(await people.audited(organizationId)).toEqual([
      { act: 'invitation.sent success', by: owner.userId, ...details },
      { act: 'invitation.resent success', by: admin.userId, ...details },
      { act: 'invitation.cancelled success', by: admin.userId, ...details },
    ])
    domain.advance(MINUTE)
    const { id: left } = await people.invite(owner, organizationId, email)
    expect(left).not.toBe(id)
    const tokens = people.tokensTo(email)
    expect(new Set(tokens).size).toBe(3)
    const kept = JSON.stringify([
      await people.rows(organizationId),
      await people.audited(organizationId),
      domain.logged,
    ])
    for (const token of tokens) {
      expect(token).toMatch(/^[\w-]{43}$/)
      expect(kept).not.toContain(token)
    }
  })
})
