import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type KeyQuestion, verifyApiKey } from '../api-keys/verify-api-key'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { countImpact } from './count-impact'
import { getMfaPolicy } from './get-mfa-policy'
import { listCompliance } from './list-compliance'
import { type MfaPolicyChange, updateMfaPolicy } from './update-mfa-policy'

const DAY = 24 * 3600 * 1000
const PAGE = { offset: 0, limit: 100, sort: 'createdAt' }

describeOnEachEngine('the MFA policy of an organization', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let member: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
  })
  beforeEach(async () => {
    owner = await domain.signUp()
    member = await domain.signUp()
    await setFactor(owner, 1)
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
  })

  const setFactor = ({ userId }: Principal, two_factor_enabled: number) =>
    domain.storage.users.update(userId, { two_factor_enabled })
  const update = (change: Partial<MfaPolicyChange> = {}, by: Principal = owner) => {
    const whole = { required: true, graceDays: undefined, dryRun: false, ...change }
    return updateMfaPolicy(domain.context, organizationId, actorOf(by), whole)
  }
  const policyNow = () => getMfaPolicy(domain.context, organizationId)
  const recorded = async () => {
    const { db } = domain.engine
    const rows = await db
      .selectFrom('audit_events')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('sequence')
      .execute()
    return rows.map(({ action, actor_id, resource_type, resource_id, details }) => ({
      action,
      by: actor_id,
      of: [resource_type, resource_id],
      details: JSON.parse(details),
    }))
  }
  const storedOrganization = () => domain.storage.organizations.find(organizationId, owner.userId)
  const join = async (role: string, full_name: string, joinedAt = domain.now()) => {
    const principal = await domain.signUp()
    await domain.storage.users.update(principal.userId, { full_name })
    const dates = { created_at: joinedAt, updated_at: joinedAt }
    const row = { organization_id: organizationId, id: domain.context.newId(), role, ...dates }
    await domain.storage.memberships.insert({ ...row, user_id: principal.userId })
    return principal
  }

  describe('when it changes', () => {
    it('tells whom it locks out, and is recorded as it was and as it is', async () => {
      const requiredAt = domain.now()
      expect(await update({ graceDays: 0 })).toEqual({
        policy: { requiredAt, graceDays: 0 },
        impact: { members: 2, compliant: 1, inGrace: 0, lockedOut: 1 },
      })
      expect(await policyNow()).toEqual({ requiredAt, graceDays: 0 })
      expect(await recorded()).toEqual([
        {
          action: 'mfa_policy.updated',
          by: owner.userId,
          of: ['mfa_policy', organizationId],
          details: { requiredBefore: false, requiredAfter: true, graceDaysBefore: 7, graceDaysAfter: 0 },
        },
      ])
    })

    it('only to see, tells the same and leaves all as it is', async () => {
      const before = await storedOrganization()
      const seen = await update({ dryRun: true, graceDays: 2 })
      expect(seen.impact).toEqual({ members: 2, compliant: 1, inGrace: 1, lockedOut: 0 })
      expect(await storedOrganization()).toEqual(before)
      expect(await recorded()).toEqual([])
      expect(await update({ graceDays: 2 })).toEqual(seen)
    })

    it('to what it is already, is not recorded, nor begins the grace anew', async () => {
      const first = await update({ graceDays: 2 })
      const before = await storedOrganization()
      domain.advance(DAY)
      expect(await update({ graceDays: 2 })).toEqual(first)
      expect(await update()).toEqual(first)
      await setFactor(owner, 0)
      expect((await update()).policy).toEqual(first.policy)
      expect(await storedOrganization()).toEqual(before)
      expect(await recorded()).toHaveLength(1)
    })

    it('to fewer days, counts them from when it was required, and tells who is locked out by that', async () => {
      const { policy } = await update({ graceDays: 30 })
      domain.advance(5 * DAY)
      const shortened = await update({ graceDays: 3 })
      expect(shortened.policy).toEqual({ requiredAt: policy.requiredAt, graceDays: 3 })
      expect(shortened.impact).toMatchObject({ inGrace: 0, lockedOut: 1 })
      expect((await update({ graceDays: 6 })).impact).toMatchObject({ inGrace: 1, lockedOut: 0 })
    })

    it('to nothing required, lets everybody in, and keeps the days for the next time', async () => {
      await update({ graceDays: 1 })
      domain.advance(5 * DAY)
      expect(await update({ required: false })).toEqual({
        policy: { requiredAt: null, graceDays: 1 },
        impact: { members: 2, compliant: 2, inGrace: 0, lockedOut: 0 },
      })
      expect(await update()).toMatchObject({
        policy: { requiredAt: domain.now(), graceDays: 1 },
        impact: { inGrace: 1, lockedOut: 0 },
      })
    })

    it('is refused to an owner without two-factor authentication, who is told what to do', async () => {
      await setFactor(owner, 0)
      expect(await update({ dryRun: true })).toMatchObject({ impact: { lockedOut: 0 } })
      for (const change of [{}, { graceDays: 0 }]) {
        await expect(update(change)).rejects.toMatchObject({
          code: 'CONFLICT',
          message: expect.stringMatching(/your own account first, then/),
        })
      }
      expect(await policyNow()).toEqual({ requiredAt: null, graceDays: 7 })
      expect(await recorded()).toEqual([])
      // What asks nothing of anybody is free to all owners.
      expect((await update({ required: false, graceDays: 3 })).policy.graceDays).toBe(3)
    })

    it('ten times at once, is recorded once', async () => {
      await Promise.all(Array.from({ length: 10 }, () => update({ graceDays: 4 })))
      expect(await recorded()).toHaveLength(1)
    })

    it('is refused to who is no owner any more by the time that it is written', async () => {
      const { db } = domain.engine
      await db.updateTable('memberships').set({ role: 'admin' }).where('user_id', '=', owner.userId).execute()
      await expect(update()).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' })
      await db.deleteFrom('memberships').where('user_id', '=', owner.userId).execute()
      await expect(update()).rejects.toMatchObject({ code: 'FORBIDDEN' })
      expect(await recorded()).toEqual([])
    })

    it('in an organization that is gone, is refused', async () => {
      await domain.storage.organizations.delete(organizationId)
      await expect(update()).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(policyNow()).rejects.toMatchObject({ code: 'FORBIDDEN' })
    })
  })

  describe('is met or not', () => {
    it('by each member, with the time that is left', async () => {
      await update({ graceDays: 3 })
      const deadline = domain.now() + 3 * DAY
      domain.advance(3 * DAY)
      const late = await join('admin', 'Late')
      const { items, total } = await listCompliance(domain.context, organizationId, PAGE)
      expect(total).toBe(3)
      expect(items.map(({ member, verdict }) => [member.user_id, member.role, verdict])).toEqual([
        [owner.userId, 'owner', { state: 'compliant', deadline: null }],
        [member.userId, 'member', { state: 'locked-out', deadline }],
        [late.userId, 'admin', { state: 'in-grace', deadline: domain.now() + 3 * DAY }],
      ])
    })

    it('page by page, by name and address', async () => {
      const ada = await join('member', 'Ada 100%')
      await join('member', 'bob')
      const names = async (change: object) =>
        (await listCompliance(domain.context, organizationId, { ...PAGE, ...change })).items.map(
          ({ member }) => member.full_name,
        )
      expect(await names({ q: '0%' })).toEqual(['Ada 100%'])
      expect(await names({ q: ada.userId })).toEqual(['Ada 100%'])
      expect((await names({ sort: '-fullName' })).slice(0, 2)).toEqual(['bob', 'Ada 100%'])
      expect(await names({ sort: 'email', offset: 2, limit: 1 })).toEqual(['Ada 100%'])
      const page = await listCompliance(domain.context, organizationId, { ...PAGE, limit: 2 })
      expect([page.items.length, page.total]).toEqual([2, 4])
    })

    it('by as many members as the impact counts', async () => {
      const start = domain.now()
      const joined = fc.integer({ min: -20, max: 20 })
      for (const day of fc.sample(joined, 8)) {
        const principal = await join('member', `day ${day}`, start + day * DAY)
        await setFactor(principal, day % 3 === 0 ? 1 : 0)
      }
      const policies = fc.record({ requiredAt: fc.option(joined), graceDays: fc.nat(20) })
      const run = async (requiredOn: number | null, graceDays: number) => {
        const requiredAt = requiredOn === null ? null : start + requiredOn * DAY
        const policy = { requiredAt, graceDays }
        await domain.storage.organizations.update(organizationId, {
          mfa_required_at: requiredAt,
          mfa_grace_days: graceDays,
        })
        const impact = await countImpact(domain.storage, organizationId, policy, domain.now())
        const { items } = await listCompliance(domain.context, organizationId, PAGE)
        const count = (state: string) => items.filter(({ verdict }) => verdict.state === state).length
        expect(impact).toEqual({
          members: items.length,
          compliant: count('compliant'),
          inGrace: count('in-grace'),
          lockedOut: count('locked-out'),
        })
      }
      await fc.assert(
        fc.asyncProperty(policies, ({ requiredAt, graceDays }) => run(requiredAt, graceDays)),
        { numRuns: 20 },
      )
    })
  })

  describe('counts for services that ask about a key', () => {
    const codeOf = async (key: string, by: Principal, asked?: string) => {
      const question: KeyQuestion = { key, scopes: [], organizationId: asked }
      return (await verifyApiKey(domain.context, by, question)).code
    }

    it('of a locked-out member, which is good elsewhere', async () => {
      const other = await domain.foundOrganization({ [member.userId]: 'owner' })
      const { key } = await domain.createKey(member)
      const pinned = await domain.createKey(member, { metadata: { organizationId } })
      const codes = () =>
        Promise.all([
          codeOf(key, member, organizationId),
          codeOf(pinned.key, owner),
          codeOf(key, member, other),
          codeOf(key, member),
        ])
      expect(await codes()).toEqual(['VALID', 'VALID', 'VALID', 'VALID'])
      await update({ graceDays: 0 })
      expect(await codes()).toEqual(['FORBIDDEN', 'FORBIDDEN', 'VALID', 'VALID'])
      await setFactor(member, 1)
      expect(await codes()).toEqual(['VALID', 'VALID', 'VALID', 'VALID'])
    })

    it('and who is locked out is told nothing of the keys of others', async () => {
      const admin = await join('admin', 'Admin')
      const { key } = await domain.createKey(owner, { metadata: { organizationId } })
      expect(await codeOf(key, admin)).toBe('VALID')
      await update({ graceDays: 0 })
      expect(await codeOf(key, admin)).toBe('NOT_FOUND')
      await setFactor(admin, 1)
      expect(await codeOf(key, admin)).toBe('VALID')
    })
  })
})
