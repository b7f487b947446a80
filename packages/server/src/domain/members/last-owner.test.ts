import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { deleteAccount } from '../accounts/delete-account'
import { createApiKey } from '../api-keys/create-api-key'
import { DomainError } from '../domain-error'
import { leaveOrganization } from '../organizations/leave-organization'
import { transferOrganization } from '../organizations/transfer-organization'
import type { SessionPrincipal } from '../principals/principal'
import { createProject } from '../projects/create-project'
import { removeMember } from './remove-member'
import { type OrganizationPeople, organizationPeople } from './testing/organization-people'
import { updateMemberRole } from './update-member-role'

const ROUNDS = 5

describeOnEachEngine('an organization', open => {
  let domain: TestDomain
  let people: OrganizationPeople
  beforeAll(async () => {
    domain = createTestDomain(await open())
    people = organizationPeople(domain)
  })

  /** What people do in one organization, each a promise of its end. */
  const actsIn = (id: string) => ({
    leave: (by: SessionPrincipal) => leaveOrganization(domain.context, actorOf(by), id),
    quit: (by: SessionPrincipal) => deleteAccount(domain.context, actorOf(by)),
    demote: async (by: SessionPrincipal, of: SessionPrincipal) =>
      updateMemberRole(domain.context, actorOf(by), id, await people.memberId(id, of), 'member'),
    promote: async (by: SessionPrincipal, of: SessionPrincipal) =>
      updateMemberRole(domain.context, actorOf(by), id, await people.memberId(id, of), 'owner'),
    remove: async (by: SessionPrincipal, of: SessionPrincipal) =>
      removeMember(domain.context, actorOf(by), id, await people.memberId(id, of)),
    handOver: async (by: SessionPrincipal, to: SessionPrincipal) =>
      transferOrganization(domain.context, actorOf(by), id, await people.memberId(id, to)),
  })
  type Acts = ReturnType<typeof actsIn>

  /** A refusal that was meant; a deadlock, say, is none. */
  const expectRefusals = (results: readonly PromiseSettledResult<unknown>[]) => {
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DomainError)
  }

  describe('with two owners who act at the same moment keeps one', () => {
    type Pair = (acts: Acts, ada: SessionPrincipal, bob: SessionPrincipal) => Promise<unknown>[]
    it.each<[string, Pair]>([
      ['both leave', ({ leave }, ada, bob) => [leave(ada), leave(bob)]],
      [
        'one leaves, the other demotes the first',
        ({ leave, demote }, ada, bob) => [leave(bob), demote(ada, bob)],
      ],
      ['one leaves, the other steps down', ({ leave, demote }, ada, bob) => [leave(ada), demote(bob, bob)]],
      ['each demotes the other', ({ demote }, ada, bob) => [demote(ada, bob), demote(bob, ada)]],
      ['each removes the other', ({ remove }, ada, bob) => [remove(ada, bob), remove(bob, ada)]],
      ['one leaves, the other deletes the account', ({ leave, quit }, ada, bob) => [leave(ada), quit(bob)]],
      [
        'one is demoted, the other deletes the account',
        ({ demote, quit }, ada, bob) => [demote(bob, ada), quit(bob)],
      ],
    ])('%s', async (_how, begin) => {
      for (let round = 0; round < ROUNDS; round++) {
        const [ada, bob, carl] = [await domain.signUp(), await domain.signUp(), await domain.signUp()]
        const id = await domain.foundOrganization({
          [ada.userId]: 'owner',
          [bob.userId]: 'owner',
          [carl.userId]: 'member',
        })
        expectRefusals(await Promise.allSettled(begin(actsIn(id), ada, bob)))
        expect(await people.countOwners(id)).toBe(1)
      }
    })
  })

  it('handed over by its owner, who leaves at the same moment, keeps one', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [ada, bob] = [await domain.signUp(), await domain.signUp()]
      const id = await domain.foundOrganization({ [ada.userId]: 'owner', [bob.userId]: 'member' })
      const { handOver, leave } = actsIn(id)
      expectRefusals(await Promise.allSettled([handOver(ada, bob), leave(ada), leave(bob)]))
      expect(await people.countOwners(id)).toBe(1)
    }
  })

  it('keeps an owner and a whole log, whatever 20 people do in it at once', async () => {
    // Numbers that look random and are the same each time.
    let seed = 7
    const below = (limit: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % limit
    }
    for (let round = 0; round < ROUNDS; round++) {
      const users = await Promise.all(Array.from({ length: 6 }, () => domain.signUp()))
      const roleOf = (index: number) => (index < 3 ? 'owner' : index < 5 ? 'admin' : 'member')
      const id = await domain.foundOrganization(
        Object.fromEntries(users.map(({ userId }, index) => [userId, roleOf(index)])),
      )
      const acts = actsIn(id)
      const one = () => users[below(users.length)]!
      const doSomething = (): Promise<unknown> => {
        const kinds = [
          () => acts.leave(one()),
          () => acts.quit(one()),
          () => acts.demote(one(), one()),
          () => acts.promote(one(), one()),
          () => acts.remove(one(), one()),
          () => acts.handOver(one(), one()),
        ]
        return kinds[below(kinds.length)]!()
      }
      const results = await Promise.allSettled(Array.from({ length: 20 }, doSomething))
      expectRefusals(results)
      expect(results.some(({ status }) => status === 'fulfilled')).toBe(true)
      const ended = (await people.audited(id)).some(({ action }) => action === 'organization.deleted')
      expect((await people.countOwners(id)) > 0).toBe(!ended)
      const log = await domain.engine.db
        .selectFrom('audit_events')
        .select('sequence')
        .where('organization_id', '=', id)
        .orderBy('sequence')
        .execute()
      expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1))
    }
  })

  it('is never waited for in a circle by what one person does at once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [ada, bob] = [await domain.signUp(), await domain.signUp()]
      const id = await domain.foundOrganization({ [ada.userId]: 'owner', [bob.userId]: 'owner' })
      const { leave } = actsIn(id)
      const project = (name: string) =>
        createProject(domain.context, actorOf(ada), id, {
          name,
          slug: undefined,
          website: null,
          description: null,
          businessContext: null,
          monitoringIntent: null,
          status: 'draft',
          frequency: null,
          timezone: 'UTC',
        })
      const key = (name: string) =>
        createApiKey(domain.context, actorOf(ada), {
          name,
          expiresInSeconds: null,
          format: 'ba' as const,
          scopes: [],
          permissions: null,
          metadata: { organizationId: id },
        })
      expectRefusals(
        await Promise.allSettled([
          ...[project('a'), key('a'), project('b'), key('b'), project('c'), key('c')],
          ...[leave(ada), project('d'), key('d')],
        ]),
      )
    }
  })
})
