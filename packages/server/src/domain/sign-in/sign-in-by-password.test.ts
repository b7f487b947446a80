import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { signUp } from '../accounts/sign-up'
import { resolveSession } from '../principals/resolve-session'
import { hashSecret } from '../secret-hash'
import { signInByPassword } from './sign-in-by-password'

const password = 'a-long-secure-passphrase'
const visit = {
  device: { ipAddress: '192.0.2.1', userAgent: 'test' },
  deviceToken: undefined,
  session: undefined,
  requestId: 'req_test',
}

describeOnEachEngine('signing in', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
    for (const email of ['ada@example.com', 'disabled@example.com']) {
      await signUp(domain.context, { email, password, fullName: 'Ada', callbackUrl: undefined })
    }
    const disabled = await domain.storage.users.findByEmail('disabled@example.com')
    await domain.storage.users.update(disabled?.id ?? '', { is_active: 0 })
  })
  const attempt = async (email: string, given = password) => {
    const outcome = await signInByPassword(domain.context, { email, password: given, remember: true }, visit)
    if (outcome.outcome !== 'signed-in') throw new Error('a second factor was asked for')
    return outcome.opened
  }

  it('opens a session of its own each time, kept by its SHA-256 alone', async () => {
    const [first, second] = [await attempt('ada@example.com'), await attempt(' ADA@example.com ')]
    expect(first.token).toMatch(/^[\w-]{43}$/)
    expect(second.token).not.toBe(first.token)
    expect(second.session.id).not.toBe(first.session.id)
    expect(first.session.token_hash).toBe(hashSecret(first.token))
    expect(await resolveSession(domain.context, first.token)).toMatchObject({ userId: first.session.user_id })
    expect((await domain.storage.users.findByEmail('ada@example.com'))?.last_login_at).toBe(domain.now())
  })

  it.each([
    ['an unknown address', 'nobody@example.com', password],
    ['a wrong password', 'ada@example.com', 'wrong password'],
    ['a wrong password of a disabled account', 'disabled@example.com', 'wrong password'],
  ])('with %s is refused the same way, after one comparison', async (_what, email, given) => {
    const calls = domain.hasher.calls
    const error = await attempt(email, given).catch(thrown => thrown)
    expect({ code: error.code, message: error.message, detail: error.detail }).toEqual({
      code: 'INVALID_CREDENTIALS',
      message: 'Invalid e-mail address or password',
      detail: {},
    })
    expect(domain.hasher.calls - calls).toBe(1)
  })

  it('tells only who knows the password that the account is disabled, and opens no session', async () => {
    await expect(attempt('disabled@example.com')).rejects.toMatchObject({ code: 'USER_NOT_ACTIVE' })
    const { id = '' } = (await domain.storage.users.findByEmail('disabled@example.com')) ?? {}
    expect(await domain.storage.sessions.listLive(id, domain.now())).toEqual([])
  })
})
