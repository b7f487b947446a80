import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { resolveSession } from '../principals/resolve-session'
import { createSession } from '../sessions/create-session'
import { setUserActive } from './set-user-active'

describeOnEachEngine('an operator', open => {
  let domain: TestDomain
  let user: SessionPrincipal
  let email: string
  let token: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    user = await domain.signUp()
    email = (await domain.storage.users.find(user.userId))?.email ?? ''
    const device = { ipAddress: '', userAgent: '' }
    token = (await createSession(domain.context, domain.storage, user.userId, device, true)).token
  })
  const setActive = (isActive: boolean, address = email) => setUserActive(domain.context, address, isActive)
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'let in',
      error => error.code,
    )
  const session = () => code(resolveSession(domain.context, token))
  const addProofs = async (user_id: string) => {
    const [id, now] = [domain.context.newId(), domain.now()]
    const times = { created_at: now, expires_at: now + 1000 }
    const row = { id, user_id, token_hash: id, session_id: null, ...times }
    await domain.storage.linkTokens.replace({
      ...row,
      purpose: 'magic-link',
      email: '',
      callback_url: null,
      used_at: null,
      remember: 1,
    })
    await domain.storage.challenges.insert({ ...row, kind: 'two-factor', sealed_data: null })
    await domain.storage.devices.insert({
      id,
      user_id,
      token_hash: id,
      user_agent: '',
      ip_address: '',
      last_sign_in_at: now,
      trusted_until: now + 1000,
      ...times,
    })
  }
  const proofsOf = async (userId: string) => ({
    links: (await domain.storage.linkTokens.list(userId)).length,
    challenges: (await domain.storage.challenges.list(userId)).length,
    trusted: (await domain.storage.devices.listLive(userId, domain.now())).filter(
      ({ trusted_until }) => trusted_until !== null,
    ).length,
  })

  it('who disables an account ends what it can sign in with, and keeps sessions and keys as refused', async () => {
    const { key } = await domain.createKey(user)
    const stranger = await domain.signUp()
    await addProofs(user.userId)
    await addProofs(stranger.userId)
    expect(await setActive(false, ` ${email.toUpperCase()}`)).toBe('changed')
    expect([await session(), await code(domain.principalOf(key))]).toEqual([
      'USER_NOT_ACTIVE',
      'USER_NOT_ACTIVE',
    ])
    expect(await domain.storage.sessions.listLive(user.userId, domain.now())).toHaveLength(2)
    expect(await proofsOf(user.userId)).toEqual({ links: 0, challenges: 0, trusted: 0 })
    expect(await proofsOf(stranger.userId)).toEqual({ links: 1, challenges: 1, trusted: 1 })
    expect(domain.logged.at(-1)).toEqual({ event: 'account.disabled', userId: user.userId })
  })

  it('who enables it again brings back its keys, and no session', async () => {
    const { key } = await domain.createKey(user)
    await setActive(false)
    expect(await setActive(true)).toBe('changed')
    expect([await session(), await code(domain.principalOf(key))]).toEqual([
      'INVALID_OR_EXPIRED_TOKEN',
      'let in',
    ])
    expect(domain.logged.at(-1)).toEqual({ event: 'account.enabled', userId: user.userId })
  })

  it('who asks for what is so already changes nothing', async () => {
    expect(await setActive(true)).toBe('unchanged')
    expect(await session()).toBe('let in')
    await setActive(false)
    const before = await domain.storage.users.find(user.userId)
    domain.advance(10)
    expect(await setActive(false)).toBe('unchanged')
    expect(await domain.storage.users.find(user.userId)).toEqual(before)
  })

  it('who mistypes the address is told', async () => {
    expect(await setActive(false, 'nobody@example.com')).toBe('unknown')
  })
})
