import { ORGANIZATION_ROLES, type OrganizationRole } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StorageEngine } from '../../storage/engine'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { openInvitation } from './open-invitation'
import { GUESTS, InvitationModel, MINUTE, SEATS, WEEK } from './testing/invitation-model'
import { type InvitedPeople, invitedPeople } from './testing/invited-people'

const role = fc.constantFrom(...ORGANIZATION_ROLES)
const guest = fc.nat(GUESTS - 1)
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
/** 0: who stays an owner; 1: whose role changes. */
const inviter = fc.nat(1)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), by: inviter, to: guest, role }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resend' as const), by: inviter, to: guest }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), by: inviter, to: guest }) },
  {
    weight: 4,
    // With the newest token of `to`, or one that is `older`; by whom it was sent to, or by `other`.
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      to: guest,
      other: seldom(guest),
      older: seldom(fc.nat()),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(MINUTE - 1, MINUTE, MINUTE, WEEK / 2, WEEK),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('setRole' as const), role: fc.option(role, { freq: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: guest }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('verify' as const), who: guest, verified: fc.boolean() }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface World {
  readonly domain: TestDomain
  readonly people: InvitedPeople
  readonly model: InvitationModel
  readonly organizationId: string
  readonly inviters: readonly SessionPrincipal[]
  readonly guests: readonly SessionPrincipal[]
  readonly addresses: readonly string[]
}

const createWorld = async (engine: StorageEngine): Promise<World> => {
  const domain = createTestDomain(engine, { defaultPlan: 'free' })
  const people = invitedPeople(domain)
  const model = new InvitationModel()
  const inviter = () => people.signUp(`${domain.context.newId()}@example.com`.toLowerCase())
  const inviters = [await inviter(), await inviter()]
  const addresses = inviters.flatMap(({ userId }) => [`a-${userId}`, `b-${userId}`]).slice(0, GUESTS)
  const guests: SessionPrincipal[] = []
  for (const [n, address] of addresses.entries())
    guests.push(await people.signUp(address.toLowerCase(), model.verified[n]))
  const [owner, changing] = inviters.map(({ userId }) => userId)
  const organizationId = await domain.foundOrganization({ [owner ?? '']: 'owner', [changing ?? '']: 'admin' })
  for (const { user_id, id, role } of await people.members(organizationId))
    model.members.set(user_id === owner ? 0 : 1, { role: role as OrganizationRole, id })
  return {
    domain,
    people,
    model,
    organizationId,
    inviters,
    guests,
    addresses: addresses.map(address => address.toLowerCase()),
  }
}

const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    error => {
      if (error instanceof DomainError) return error.code
      throw error
    },
  )

/** Takes a step in the domain and in the model: both say the same of it. */
const take = async (world: World, step: Step): Promise<void> => {
  const { domain, people, model, organizationId } = world
  const at = <T>(list: readonly T[], index: number): T => {
    const item = list[index]
    if (item === undefined) throw new Error(`nothing at ${index}`)
    return item
  }
  const noteSent = async (by: number, to: number, role: OrganizationRole) => {
    const rows = await people.rows(organizationId)
    const id = rows.find(({ email }) => email === world.addresses[to])?.id ?? 'none'
    expect(id).toBe(model.invitations.get(to)?.id ?? id)
    model.noteSent(to, { id, role, by })
    model.tokens[to] = people.tokensTo(at(world.addresses, to))
  }
  switch (step.do) {
    case 'send': {
      const { by, to, role } = step
      const refusal = model.refuseSend(by, to, role)
      const sending = people.invite(at(world.inviters, by), organizationId, at(world.addresses, to), role)
      expect(await codeOf(sending)).toBe(refusal)
      if (!refusal) await noteSent(by, to, role)
      return
    }
    case 'resend': {
      const { by, to } = step
      const earlier = model.invitations.get(to)
      const refusal = model.refuseResend(by, to)
      const sending = people.resend(at(world.inviters, by), organizationId, earlier?.id ?? 'none')
      expect(await codeOf(sending)).toBe(refusal)
      if (!refusal && earlier) await noteSent(by, to, earlier.role)
      return
    }
    case 'cancel': {
      const { by, to } = step
      const refusal = model.refuseCancel(by, to)
      const id = model.invitations.get(to)?.id ?? 'none'
      expect(await codeOf(people.cancel(at(world.inviters, by), organizationId, id))).toBe(refusal)
      if (!refusal) model.invitations.delete(to)
      return
    }
    case 'accept': {
      const { to, other, older } = step
      const who = other ?? to
      const tokens = at(model.tokens, to)
      const token = (older === null ? tokens.at(-1) : tokens[older % Math.max(1, tokens.length)]) ?? 'none'
      const refusal = model.refuseAccept(to, who, token)
      expect(await codeOf(people.accept(at(world.guests, who), token))).toBe(refusal)
      const invitation = model.invitations.get(to)
      if (refusal || !invitation) return
      model.members.set(`g${to}`, { role: invitation.role, id: invitation.id })
      model.invitations.delete(to)
      return
    }
    case 'wait':
      domain.advance(step.ms)
      model.now += step.ms
      return
    case 'setRole': {
      const { role } = step
      const { userId } = at(world.inviters, 1)
      const found = model.members.get(1)
      if (!found && (role === null || model.seatsTaken >= SEATS)) return
      const membership = { organization_id: organizationId, user_id: userId, created_at: 0, updated_at: 0 }
      const id = found?.id ?? domain.context.newId()
      if (found) await people.remove(organizationId, at(world.inviters, 1))
      model.members.delete(1)
      if (role === null) return
      await domain.storage.memberships.insert({ ...membership, id, role })
      model.members.set(1, { role, id })
      return
    }
    case 'leave':
      await people.remove(organizationId, at(world.guests, step.who))
      model.members.delete(`g${step.who}`)
      return
    case 'verify': {
      const email_verified_at = step.verified ? 1 : null
      await domain.storage.users.update(at(world.guests, step.who).userId, { email_verified_at })
      model.verified[step.who] = step.verified
    }
  }
}

const expectInvariants = async ({
  domain,
  people,
  model,
  organizationId,
  ...world
}: World): Promise<void> => {
  const rows = await people.rows(organizationId)
  expect(rows.map(({ email, id, role }) => ({ email, id, role })).sort(byId)).toEqual(
    [...model.invitations].map(([to, { id, role }]) => ({ email: world.addresses[to], id, role })).sort(byId),
  )
  const members = await people.members(organizationId)
  expect(members.map(({ user_id, id, role }) => ({ user_id, id, role })).sort(byId)).toEqual(
    [...model.members]
      .map(([who, { id, role }]) => {
        const principal = typeof who === 'number' ? world.inviters[who] : world.guests[Number(who.slice(1))]
        return { user_id: principal?.userId, id, role }
      })
      .sort(byId),
  )
  const pending = rows.filter(({ expires_at }) => expires_at > domain.now())
  expect(members.length + pending.length).toBeLessThanOrEqual(SEATS)
  for (let to = 0; to < GUESTS; to++) {
    const good: string[] = []
    for (const token of model.tokens[to] ?? [])
      if ((await codeOf(openInvitation(domain.context, token))) === undefined) good.push(token)
    const live = model.liveToken(to)
    expect(good).toEqual(model.invitations.has(to) && live !== undefined ? [live] : [])
  }
}
const byId = (a: { readonly id: string }, b: { readonly id: string }) => a.id.localeCompare(b.id)

describeOnEachEngine('whatever is done with invitations', (open, engineName) => {
  it('one row, one good token and one membership come of each, within the plan', async () => {
    const engine = await open()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40, size: 'max' }), async steps => {
        const world = await createWorld(engine)
        for (const step of steps) {
          await take(world, step)
          await expectInvariants(world)
        }
      }),
      { numRuns: engineName === 'sqlite' ? 30 : 6 },
    )
  })
})
