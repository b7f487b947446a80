import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { signUp } from '../accounts/sign-up'
import { resolveSession } from '../principals/resolve-session'
import type { SignedIn } from './open-session'
import { signInByPassword } from './sign-in-by-password'
import type { Visit } from './visit'

const password = 'a-long-secure-passphrase'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

describeOnEachEngine('a sign-in', open => {
  let domain: TestDomain
  let counter = 0
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  const newAccount = async () => {
    const email = `visitor-${++counter}@example.com`
    await signUp(domain.context, { email, password, fullName: 'Ada', callbackUrl: undefined })
    domain.mails.length = 0
    return email
  }
  const signIn = async (email: string, visit: Partial<Visit> = {}): Promise<SignedIn> => {
    const device = { ipAddress: '192.0.2.1', userAgent: 'snoop-cli/0.1.0' }
    const outcome = await signInByPassword(
      domain.context,
      { email, password, remember: true },
      { device, deviceToken: undefined, session: undefined, requestId: 'req_test', ...visit },
    )
    if (outcome.outcome !== 'signed-in') throw new Error('a second factor was asked for')
    return outcome
  }
  const elsewhere = { device: { ipAddress: '198.51.100.7', userAgent: FIREFOX } }
  const subjects = () => domain.mails.map(({ subject }) => subject)

  it('ends the session whose cookie came along, its own or of another account', async () => {
    const [first, second] = [await newAccount(), await newAccount()]
    for (const email of [first, second]) {
      const before = await signIn(first)
      const session = await resolveSession(domain.context, before.opened.token)
      const after = await signIn(email, { session })
      expect(after.opened.session.id).not.toBe(before.opened.session.id)
      await expect(resolveSession(domain.context, before.opened.token)).rejects.toMatchObject({
        code: 'INVALID_OR_EXPIRED_TOKEN',
      })
    }
  })

  it('is told by mail when it comes from a new device, but not the first of the account', async () => {
    const email = await newAccount()
    await signIn(email)
    expect(subjects()).toEqual([])
    await signIn(email, elsewhere)
    expect(subjects()).toHaveLength(1)
    expect(domain.mails[0]?.text).toContain('198.51.100.7')
    expect(domain.mails[0]?.text).toContain('Firefox on Linux')
    expect(domain.mails[0]?.to).toBe(email)
  })

  it('is not told of a device that comes back, by its cookie or with the same program from the same address', async () => {
    const email = await newAccount()
    const { deviceToken } = await signIn(email)
    await signIn(email, { ...elsewhere, deviceToken })
    await signIn(email)
    await signIn(email, elsewhere)
    expect(subjects()).toEqual([])
  })

  it('keeps one row for a device, and the same secret for all accounts of it', async () => {
    const [first, second] = [await newAccount(), await newAccount()]
    const { deviceToken, opened } = await signIn(first)
    const again = await Promise.all([signIn(first, { deviceToken }), signIn(first, { deviceToken })])
    const other = await signIn(second, { deviceToken })
    expect([...again, other].map(signedIn => signedIn.deviceToken)).toEqual(Array(3).fill(deviceToken))
    expect(await domain.storage.devices.listLive(opened.session.user_id, domain.now())).toHaveLength(1)
  })

  it('never takes over a device secret that it did not hand out in this form', async () => {
    const email = await newAccount()
    for (const deviceToken of ['', 'short', 'x'.repeat(4000)]) {
      expect((await signIn(email, { deviceToken })).deviceToken).toMatch(/^[\w-]{43}$/)
    }
  })

  it('stands in the login history, and a failed try does too', async () => {
    const email = await newAccount()
    const { opened } = await signIn(email)
    await signInByPassword(
      domain.context,
      { email, password: 'wrong password', remember: true },
      { ...elsewhere, deviceToken: undefined, session: undefined, requestId: 'req_test' },
    ).catch(() => {})
    await domain.context.failedSignIns.flush()
    const history = await domain.storage.loginEvents.listAll(opened.session.user_id)
    expect(history.map(({ success, method, ip_address }) => [success, method, ip_address])).toEqual([
      [0, 'password', '198.51.100.7'],
      [1, 'password', '192.0.2.1'],
    ])
  })

  it('makes a weak hash new, and leaves a strong one as it is', async () => {
    const email = await newAccount()
    const hashOf = async () => (await domain.storage.users.findByEmail(email))?.password_hash
    const strong = await hashOf()
    const { opened } = await signIn(email)
    expect(await hashOf()).toBe(strong)
    await domain.storage.users.update(opened.session.user_id, { password_hash: `weak ${strong}` })
    await signIn(email)
    expect(await hashOf()).toBe(strong)
  })
})
