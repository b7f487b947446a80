import { listEndpoints, type TenantPermission } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { disableTwoFactor } from '../two-factor/disable-two-factor'
import { type TwoFactorActions, twoFactorActions } from '../two-factor/testing/two-factor-account'
import { enter } from './enter'
import type { Principal, SessionPrincipal } from './principal'

const DAY = 24 * 3600 * 1000
const tenantRoutes = listEndpoints().flatMap(({ name, endpoint: { access } }) =>
  access.kind === 'organization' ? [{ name, access }] : [],
)
const plain = tenantRoutes.find(({ name }) => name === 'organizations.get')!.access

describeOnEachEngine('an organization that requires two-factor authentication', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  let owner: SessionPrincipal
  let member: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
    act = twoFactorActions(domain)
  })
  beforeEach(async () => {
    owner = await domain.signUp()
    member = await domain.signUp()
    await setFactor(owner, 1)
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
  })

  const setFactor = ({ userId }: Principal, two_factor_enabled: number) =>
    domain.storage.users.update(userId, { two_factor_enabled })
  const demand = (graceDays: number, id = organizationId) =>
    domain.storage.organizations.update(id, { mfa_required_at: domain.now(), mfa_grace_days: graceDays })
  const attempt = async (principal: Principal, access = plain, id = organizationId) => {
    try {
      return (await enter(domain.context, principal, access, id))?.role
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  const keyOf = async (maker: Principal, pin?: string) => {
    const { key } = await domain.createKey(maker, pin ? { metadata: { organizationId: pin } } : {})
    return domain.principalOf(key)
  }

  it('refuses members without it, whatever their credential, on all routes but those that say otherwise', async () => {
    const credentials = [member, await keyOf(member), await keyOf(member, organizationId)]
    await demand(0)
    expect(tenantRoutes.filter(({ access }) => access.beforeMfa).map(({ name }) => name)).toEqual([
      'organizations.myMembership',
      'organizations.leave',
    ])
    for (const { name, access } of tenantRoutes) {
      for (const principal of credentials) {
        const refused = access.fresh && principal.kind === 'apiKey' ? 'NO_PERMISSIONS' : 'MFA_REQUIRED'
        const code = await attempt(principal, access)
        expect(`${name}: ${code}`).toBe(`${name}: ${access.beforeMfa ? 'member' : refused}`)
        expect(`${name}: ${await attempt(owner, access)}`).toBe(`${name}: owner`)
      }
    }
  })

  it('tells them what to do', async () => {
    await demand(0)
    await expect(enter(domain.context, member, plain, organizationId)).rejects.toThrow(
      'turn on two-factor authentication for your account, then try again',
    )
  })

  it('lets them in to the last millisecond of their grace', async () => {
    await demand(3)
    domain.advance(3 * DAY - 1)
    expect(await attempt(member)).toBe('member')
    domain.advance(1)
    expect(await attempt(member)).toBe('MFA_REQUIRED')
  })

  it('gives who joins later the same grace from then on', async () => {
    await demand(3)
    domain.advance(10 * DAY)
    const late = await domain.signUp()
    const now = domain.now()
    await domain.storage.memberships.insert({
      organization_id: organizationId,
      id: domain.context.newId(),
      user_id: late.userId,
      role: 'admin',
      created_at: now,
      updated_at: now,
    })
    expect(await attempt(member)).toBe('MFA_REQUIRED')
    domain.advance(3 * DAY - 1)
    expect(await attempt(late)).toBe('admin')
    domain.advance(1)
    expect(await attempt(late)).toBe('MFA_REQUIRED')
  })

  it('sees on the next request that it was turned on, and that it was turned off after the deadline', async () => {
    const { principal } = await act.signUpWith('email')
    const id = await domain.foundOrganization({ [principal.userId]: 'owner' })
    await demand(0, id)
    expect(await attempt(principal, plain, id)).toBe('owner')
    const off = await act.principalOf(await disableTwoFactor(domain.context, actorOf(principal)))
    expect(await attempt(off, plain, id)).toBe('MFA_REQUIRED')
    await setFactor(off, 1)
    expect(await attempt(off, plain, id)).toBe('owner')
  })

  it('keeps nobody out of another organization, and tells strangers nothing', async () => {
    const other = await domain.foundOrganization({ [member.userId]: 'owner' })
    await demand(0)
    expect(await attempt(member, plain, other)).toBe('owner')
    expect(await attempt(await keyOf(member, other), plain, other)).toBe('owner')
    expect(await attempt(await domain.signUp())).toBe('FORBIDDEN')
    expect(await attempt(await keyOf(member, other))).toBe('FORBIDDEN')
  })

  it('is asked about with the role, by one statement', async () => {
    await demand(0)
    domain.statements.length = 0
    await attempt(member)
    await attempt(owner)
    expect(domain.statements).toHaveLength(2)
    expect(new Set(domain.statements)).toEqual(
      new Set([expect.stringMatching(/^select .* from memberships/s)]),
    )
  })
})

describeOnEachEngine('a credential that acts at home', open => {
  let domain: TestDomain
  let user: SessionPrincipal
  let oldest: string
  let newest: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
  })
  beforeEach(async () => {
    user = await domain.signUp()
    oldest = await domain.foundOrganization({ [user.userId]: 'member' })
    domain.advance(1000)
    newest = await domain.foundOrganization({ [user.userId]: 'owner' })
  })
  const home = { kind: 'home', scopes: [], permission: 'organization:read' } as const
  const attempt = async (principal: Principal, permission: TenantPermission = 'organization:read') => {
    try {
      return await enter(domain.context, principal, { ...home, permission }, undefined)
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  const keyOf = async (pin?: string) => {
    const metadata = pin === undefined ? null : { organizationId: pin }
    const { key } = await domain.createKey(user, { format: 'sna', scopes: [], metadata })
    return domain.principalOf(key)
  }
  const leave = (organizationId: string) =>
    domain.engine.db
      .deleteFrom('memberships')
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', user.userId)
      .execute()

  it('acts in the organization that its user has belonged to longest, with the role there', async () => {
    const key = await keyOf()
    for (const principal of [user, key]) {
      expect(await attempt(principal)).toEqual({ organizationId: oldest, role: 'member' })
      expect(await attempt(principal, 'organization:manage-members')).toBe('INSUFFICIENT_PERMISSIONS')
    }
    await leave(oldest)
    expect(await attempt(key)).toEqual({ organizationId: newest, role: 'owner' })
    expect(await attempt(key, 'organization:manage-members')).toEqual({
      organizationId: newest,
      role: 'owner',
    })
  })

  it('acts where it is pinned, and nowhere once its user has left that', async () => {
    const key = await keyOf(newest)
    expect(await attempt(key)).toEqual({ organizationId: newest, role: 'owner' })
    await leave(newest)
    expect(await attempt(key)).toBe('FORBIDDEN')
    expect(await attempt(user)).toEqual({ organizationId: oldest, role: 'member' })
  })

  it('of somebody who belongs nowhere is told what to do', async () => {
    const key = await keyOf()
    await leave(oldest)
    await leave(newest)
    for (const principal of [user, key]) {
      expect(await attempt(principal)).toBe('TENANT_CONTEXT_MISSING')
      await expect(enter(domain.context, principal, home, undefined)).rejects.toThrow(
        'make one, or accept an invitation to one',
      )
    }
  })

  it('is kept out by the MFA policy of its home, and of no other organization', async () => {
    const demand = (organizationId: string) =>
      domain.storage.organizations.update(organizationId, {
        mfa_required_at: domain.now(),
        mfa_grace_days: 0,
      })
    const [key, pinned] = [await keyOf(), await keyOf(newest)]
    await demand(newest)
    expect(await attempt(key)).toEqual({ organizationId: oldest, role: 'member' })
    expect(await attempt(pinned)).toBe('MFA_REQUIRED')
    await demand(oldest)
    expect(await attempt(key)).toBe('MFA_REQUIRED')
    expect(await attempt(user)).toBe('MFA_REQUIRED')
    await domain.storage.users.update(user.userId, { two_factor_enabled: 1 })
    expect(await attempt(key)).toEqual({ organizationId: oldest, role: 'member' })
  })

  it('is refused for its scopes before it is asked where it belongs', async () => {
    const stranger = await domain.signUp()
    const { key } = await domain.createKey(stranger, { scopes: ['user:read'] })
    const principal = await domain.principalOf(key)
    domain.statements.length = 0
    const access = { ...home, scopes: ['projects:read'] } as const
    const entering = async () => enter(domain.context, principal, access, undefined)
    await expect(entering()).rejects.toMatchObject({ code: 'API_KEY_MISSING_SCOPES' })
    expect(domain.statements).toEqual([])
  })
})
