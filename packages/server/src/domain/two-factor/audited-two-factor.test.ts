import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type OrganizationPeople, organizationPeople } from '../members/testing/organization-people'
import type { SessionPrincipal } from '../principals/principal'
import { disableTwoFactor } from './disable-two-factor'
import { enableTwoFactor } from './enable-two-factor'
import { resetTwoFactor } from './reset-two-factor'
import { type TwoFactorActions, twoFactorActions } from './testing/two-factor-account'

describeOnEachEngine('the organizations of a user', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  let people: OrganizationPeople
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
    people = organizationPeople(domain)
  })
  const join = async (user: SessionPrincipal) => {
    const other = await act.signUp()
    return [
      await domain.foundOrganization({ [user.userId]: 'owner' }),
      await domain.foundOrganization({ [user.userId]: 'member', [other.userId]: 'owner' }),
    ]
  }
  const turnOn = async (user: SessionPrincipal) => {
    await enableTwoFactor(domain.context, user, 'email')
    return act.prove(user, 'email', act.mailed())
  }
  const acts = async (id: string) =>
    (await people.audited(id)).map(({ action, actor, resource }) => [action, actor, resource])

  it('read in their logs that the second factor was turned on, by its first code, and off', async () => {
    const user = await act.signUp()
    const ids = await join(user)
    const stranger = await domain.foundOrganization({ [(await act.signUp()).userId]: 'owner' })
    await enableTwoFactor(domain.context, user, 'email')
    for (const id of ids) expect(await acts(id)).toEqual([])
    const proved = await act.prove(user, 'email', act.mailed())
    await disableTwoFactor(domain.context, actorOf(proved))
    for (const id of ids) {
      const memberId = await people.memberId(id, user)
      expect(await acts(id)).toEqual([
        ['member.two_factor_enabled', user.userId, memberId],
        ['member.two_factor_disabled', user.userId, memberId],
      ])
    }
    expect(await acts(stranger)).toEqual([])
  })

  it('are not told of later codes, nor of what was refused', async () => {
    const { principal, secret } = await act.signUpWith('totp')
    const [id = ''] = await join(principal)
    domain.advance(30_000)
    await act.prove(principal, 'totp', act.totp(secret))
    const without = await act.signUp()
    const [other = ''] = await join(without)
    await expect(disableTwoFactor(domain.context, actorOf(without))).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect([await acts(id), await acts(other)]).toEqual([[], []])
  })

  it('read that the operator took it away, and that nobody of them did', async () => {
    const user = await act.signUp()
    const ids = await join(user)
    await turnOn(user)
    const { email } = (await domain.storage.users.find(user.userId))!
    expect(await resetTwoFactor(domain.context, email)).toBe('changed')
    expect(await resetTwoFactor(domain.context, email)).toBe('unchanged')
    for (const id of ids) {
      expect(await acts(id)).toEqual([
        ['member.two_factor_enabled', user.userId, await people.memberId(id, user)],
        ['member.two_factor_disabled', null, await people.memberId(id, user)],
      ])
    }
  })

  it('shared by many who turn it on at once have whole logs', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => act.signUp()))
    const all = Object.fromEntries(users.map(({ userId }) => [userId, 'owner']))
    const ids = [await domain.foundOrganization(all), await domain.foundOrganization(all)]
    const codes: string[] = []
    for (const user of users) {
      await enableTwoFactor(domain.context, user, 'email')
      codes.push(act.mailed())
    }
    await Promise.all(users.map((user, index) => act.prove(user, 'email', codes[index] ?? '')))
    for (const id of ids) expect(await acts(id)).toHaveLength(users.length)
  })
})
