import { ORGANIZATION_ROLES, type OrganizationRole, ROLE_PERMISSIONS } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertMemberAct, decideMemberAct, type MemberAct, type MemberVerdict } from './decide-member-act'

const [all, managers, owners] = [
  ['owner', 'admin', 'member'],
  ['owner', 'admin'],
  ['owner'],
] as const satisfies OrganizationRole[][]

/** Whom the rules let do it, written down a second time: from, to, who may. Two owners are left out of account. */
const WHO_MAY: readonly [OrganizationRole, OrganizationRole | undefined, readonly OrganizationRole[]][] = [
  ['member', 'member', managers],
  ['member', 'admin', managers],
  ['member', 'owner', owners],
  ['member', undefined, managers],
  ['admin', 'member', managers],
  ['admin', 'admin', managers],
  ['admin', 'owner', owners],
  ['admin', undefined, managers],
  ['owner', 'member', owners],
  ['owner', 'admin', owners],
  ['owner', 'owner', owners],
  ['owner', undefined, owners],
]

describe('what a member may do to another', () => {
  const rows = WHO_MAY.flatMap(([from, to, allowed]) =>
    all.map(by => [by, from, to ?? 'nobody', (allowed as readonly string[]).includes(by)] as const),
  )
  it.each(rows)('%s: from %s to %s: %s', (by, from, to, isAllowed) => {
    const act = { by, isOwn: false, from, to: to === 'nobody' ? undefined : to, ownerCount: 2 }
    const refusal: MemberVerdict = by === 'member' ? 'for-managers' : 'for-owners'
    expect(decideMemberAct(act)).toBe(isAllowed ? 'allowed' : refusal)
  })
})

describe('what a member may do to the own membership', () => {
  it.each<[OrganizationRole, OrganizationRole | undefined, number, MemberVerdict]>([
    ['member', undefined, 1, 'allowed'],
    ['admin', undefined, 1, 'allowed'],
    ['owner', undefined, 2, 'allowed'],
    ['owner', undefined, 1, 'last-owner'],
    ['owner', 'admin', 2, 'allowed'],
    ['owner', 'admin', 1, 'last-owner'],
    ['owner', 'member', 1, 'last-owner'],
    ['owner', 'owner', 1, 'allowed'],
    ['admin', 'owner', 1, 'for-owners'],
    ['admin', 'admin', 1, 'allowed'],
    ['admin', 'member', 1, 'allowed'],
    ['member', 'owner', 1, 'for-managers'],
    ['member', 'admin', 1, 'for-managers'],
    ['member', 'member', 1, 'for-managers'],
  ])('%s to %s of %i owners: %s', (role, to, ownerCount, verdict) => {
    expect(decideMemberAct({ by: role, isOwn: true, from: role, to, ownerCount })).toBe(verdict)
  })
})

const roles = fc.constantFrom(...ORGANIZATION_ROLES)
const acts: fc.Arbitrary<MemberAct> = fc
  .record({
    by: roles,
    isOwn: fc.boolean(),
    from: roles,
    to: fc.option(roles, { nil: undefined }),
    ownerCount: fc.integer({ min: 1, max: 3 }),
  })
  .map(act => (act.isOwn ? { ...act, from: act.by } : act))

it('no act that is allowed takes away the last owner, or gives a right that its doer lacks', () => {
  fc.assert(
    fc.property(acts, act => {
      if (decideMemberAct(act) !== 'allowed') return
      const lost = act.from === 'owner' && act.to !== 'owner' ? 1 : 0
      expect(act.ownerCount - lost).toBeGreaterThan(0)
      const given = act.to && act.to !== act.from ? ROLE_PERMISSIONS[act.to] : []
      for (const permission of given) expect(ROLE_PERMISSIONS[act.by]).toContain(permission)
    }),
    { numRuns: 1000 },
  )
})

it('a refusal says what to do', () => {
  const base = { by: 'admin', isOwn: false, from: 'member', to: 'owner', ownerCount: 1 } as const
  const refusals: [MemberAct, string, RegExp][] = [
    [base, 'INSUFFICIENT_PERMISSIONS', /ask one of them/],
    [{ ...base, by: 'member' }, 'INSUFFICIENT_PERMISSIONS', /owners and admins/],
    [{ ...base, by: 'owner', from: 'owner', to: 'admin' }, 'CONFLICT', /Make another member an owner first/],
  ]
  for (const [act, code, message] of refusals) {
    expect(() => assertMemberAct(act)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  }
  expect(() => assertMemberAct({ ...base, by: 'owner' })).not.toThrow()
})
