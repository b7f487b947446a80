import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StorageEngine } from '../../storage/engine'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { countMails } from './invitation-mail-limits'
import { sendInvitations } from './send-invitations'
import { type InvitedPeople, invitedPeople } from './testing/invited-people'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const WEEK = 7 * 24 * HOUR

describe('mails counted in a window', () => {
  it('are never more than the limit from its first one to its end', () => {
    const step = fc.record({ waitMs: fc.nat(HOUR), mails: fc.integer({ min: 1, max: 3 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 3, max: 9 }), (steps, most) => {
        const limit = { most, windowMs: HOUR }
        let count = { attempts: 0, blocked_until: 0 }
        let now = 0
        const sent: number[] = []
        for (const { waitMs, mails } of steps) {
          now += waitMs
          const verdict = countMails(limit, count, mails, now)
          if (verdict.outcome === 'wait') {
            const then = now + verdict.retryAfterSeconds * 1000
            expect(verdict.retryAfterSeconds).toBeGreaterThan(0)
            expect(countMails(limit, count, mails, then).outcome).toBe('counted')
            continue
          }
          if (now >= count.blocked_until) sent.length = 0
          for (let n = 0; n < mails; n++) sent.push(now)
          count = verdict.count
          expect(count).toEqual({ attempts: sent.length, blocked_until: (sent[0] ?? 0) + HOUR })
          expect(sent.length).toBeLessThanOrEqual(most)
        }
      }),
    )
  })
})

describeOnEachEngine('mails with invitations', open => {
  let engine: StorageEngine
  let domain: TestDomain
  let people: InvitedPeople
  let owner: SessionPrincipal
  let admin: SessionPrincipal
  let organizationId: string
  let victim: string
  let counter = 0
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(async () => {
    domain = createTestDomain(engine)
    people = invitedPeople(domain)
    owner = await people.signUp(newAddress())
    admin = await people.signUp(newAddress())
    organizationId = await newOrganization()
    victim = newAddress()
  })
  const newAddress = () => `anyone-${++counter}@example.com`
  const newOrganization = () => domain.foundOrganization({ [owner.userId]: 'owner', [admin.userId]: 'admin' })
  const waits = (retryAfterSeconds: number, message: string) =>
    expect.objectContaining({ code: 'RATE_LIMIT_ERROR', detail: { retryAfterSeconds }, message })
  const withinMinute = (seconds: number) =>
    waits(seconds, `${victim} was sent an invitation less than a minute ago. Wait ${seconds} seconds.`)
  const tooMany = (seconds: number, words: string) =>
    waits(seconds, `${victim} cannot be sent more mails now. Wait ${words}.`)
  const sendMany = (count: number, organization = organizationId) =>
    sendInvitations(
      domain.context,
      actorOf(owner),
      organization,
      Array.from({ length: count }, () => ({ email: newAddress(), role: 'member' })),
    )

  it('are one a minute, however often the invitation is cancelled, and by whom', async () => {
    const { id } = await people.invite(owner, organizationId, victim)
    await people.cancel(owner, organizationId, id)
    for (const by of [owner, admin])
      await expect(people.invite(by, organizationId, victim)).rejects.toEqual(withinMinute(60))
    domain.advance(MINUTE - 1)
    await expect(people.invite(admin, organizationId, victim)).rejects.toEqual(withinMinute(1))
    expect(await people.rows(organizationId)).toEqual([])
    expect(domain.mails).toHaveLength(1)
    domain.advance(1)
    await people.invite(admin, organizationId, victim)
    await people.invite(owner, await newOrganization(), victim)
    expect(domain.mails).toHaveLength(3)
  })

  it('are one a minute also to who joined and left', async () => {
    const guest = await people.signUp(victim)
    await people.accept(guest, (await people.invite(owner, organizationId, victim)).token)
    await people.remove(organizationId, guest)
    await expect(people.invite(owner, organizationId, victim)).rejects.toEqual(withinMinute(60))
  })

  it('are five an hour to one address, sent and cancelled for as long as one likes', async () => {
    for (let minute = 0; minute < 60; minute++) {
      const sent = await people.invite(owner, organizationId, victim).catch(() => undefined)
      if (sent) await people.cancel(owner, organizationId, sent.id)
      domain.advance(MINUTE)
    }
    expect(domain.mails).toHaveLength(5)
    await people.invite(owner, organizationId, victim)
  })

  it('are five an hour to one address from all organizations, also from those that are gone', async () => {
    for (let n = 0; n < 5; n++) {
      const gone = await newOrganization()
      await people.invite(owner, gone, victim.toUpperCase())
      await domain.storage.organizations.delete(gone)
    }
    const another = await people.signUp(newAddress())
    const elsewhere = await domain.foundOrganization({ [another.userId]: 'owner' })
    const error = await people.invite(another, elsewhere, victim).catch(error => error)
    expect(error).toEqual(tooMany(3600, '60 minutes'))
    await people.signUp(victim)
    expect(await people.invite(another, elsewhere, victim).catch(error => error)).toEqual(error)
    domain.advance(HOUR - 1)
    await expect(people.invite(another, elsewhere, victim)).rejects.toEqual(tooMany(1, '1 seconds'))
    await people.invite(another, elsewhere, newAddress())
    domain.advance(1)
    await people.invite(another, elsewhere, victim)
  })

  it('to the same addresses are five each, of twelve organizations at once, in whatever order', async () => {
    const senders = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const by = await people.signUp(newAddress())
        return { by, organization: await domain.foundOrganization({ [by.userId]: 'owner' }) }
      }),
    )
    const victims = Array.from({ length: 20 }, newAddress)
    const results = await Promise.allSettled(
      senders.map(({ by, organization }, n) => {
        const invites = victims.map(email => ({ email, role: 'member' as const }))
        if (n % 2) invites.reverse()
        return sendInvitations(domain.context, actorOf(by), organization, invites)
      }),
    )
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'RATE_LIMIT_ERROR' })
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    for (const email of victims) expect(people.tokensTo(email)).toHaveLength(5)
  })

  it('are a hundred an hour of one organization, whoever sends them, and to whom', async () => {
    await sendMany(50)
    domain.advance(HOUR / 2)
    await sendMany(49)
    await expect(sendMany(2)).rejects.toEqual(
      waits(1800, 'An organization sends at most 100 invitations an hour; 1 is left. Wait 30 minutes.'),
    )
    const { id } = await people.invite(admin, organizationId, victim)
    await people.cancel(admin, organizationId, id)
    await expect(people.invite(admin, organizationId, newAddress())).rejects.toEqual(
      waits(1800, 'An organization sends at most 100 invitations an hour; none is left. Wait 30 minutes.'),
    )
    await sendMany(1, await newOrganization())
    domain.advance(HOUR / 2)
    await sendMany(50)
  })

  it('that were refused do not count, for whatever reason, nor does the rest of their list', async () => {
    await people.invite(owner, organizationId, victim)
    const other = newAddress()
    const both = [other, victim].map(email => ({ email, role: 'member' as const }))
    for (let n = 0; n < 6; n++)
      await expect(sendInvitations(domain.context, actorOf(owner), organizationId, both)).rejects.toEqual(
        withinMinute(60),
      )
    const { context } = createTestDomain(engine, { defaultPlan: 'free' })
    const poor = { ...context, secrets: domain.context.secrets, clock: domain.context.clock }
    const three = [other, newAddress(), newAddress()].map(email => ({ email, role: 'member' as const }))
    await expect(sendInvitations(poor, actorOf(owner), organizationId, three)).rejects.toMatchObject({
      code: 'PLAN_LIMIT_REACHED',
    })
    await people.invite(owner, organizationId, other)
    expect(domain.mails).toHaveLength(2)
  })

  it('leave nothing of the address, or of the organization, where they are counted', async () => {
    await people.invite(owner, organizationId, victim)
    const rows = await engine.db.selectFrom('guess_counters').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(victim)
    expect(rows.every(({ subject }) => /^[\w-]{43}$/.test(subject))).toBe(true)
  })

  it('take as many statements to count and to audit for fifty as for one', async () => {
    const statementsFor = async (count: number) => {
      domain.statements.length = 0
      await sendMany(count)
      return domain.statements.length
    }
    await statementsFor(1)
    // The row of an invitation is written by itself; mails go to a list here.
    expect((await statementsFor(50)) - (await statementsFor(1))).toBe(49)
  })

  it('start again after the invitation has expired', async () => {
    const { id } = await people.invite(owner, organizationId, victim)
    domain.advance(WEEK)
    await people.resend(owner, organizationId, id)
    await expect(people.invite(owner, organizationId, victim)).rejects.toEqual(withinMinute(60))
  })
})
