import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { signUp } from '../accounts/sign-up'
import { signInByPassword } from '../sign-in/sign-in-by-password'
import type { Visit } from '../sign-in/visit'

const password = 'a-long-secure-passphrase'
const MINUTE = 60_000

describeOnEachEngine('guessing at a password', open => {
  let domain: TestDomain
  let counter = 0
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  const newAccount = async () => {
    const email = `guessed-${++counter}@example.com`
    await signUp(domain.context, { email, password, fullName: 'Ada', callbackUrl: undefined })
    return email
  }
  const attempt = async (email: string, given: string, from: Partial<Visit> = {}) => {
    const device = { ipAddress: `192.0.2.${++counter % 250}`, userAgent: 'test' }
    try {
      const visit = { device, deviceToken: undefined, session: undefined, requestId: 'req_test', ...from }
      const outcome = await signInByPassword(
        domain.context,
        { email, password: given, remember: true },
        visit,
      )
      return { code: 'OK', outcome, detail: {} }
    } catch (error) {
      const { code, message, detail } = error as { code: string; message: string; detail: object }
      return { code, message, detail }
    }
  }
  const deviceTokenOf = async (email: string): Promise<string> => {
    const { outcome } = await attempt(email, password)
    if (outcome?.outcome !== 'signed-in') throw new Error('not signed in')
    return outcome.deviceToken
  }

  it('a hundred at a time from a hundred addresses: five reach the hash', async () => {
    for (const email of [await newAccount(), 'nobody@example.com']) {
      domain.hasher.calls = 0
      const answers = await Promise.all(Array.from({ length: 100 }, () => attempt(email, 'wrong password')))
      expect(domain.hasher.calls).toBe(5)
      const codes = answers.map(({ code }) => code)
      expect(codes.filter(code => code === 'INVALID_CREDENTIALS')).toHaveLength(5)
      expect(codes.filter(code => code === 'RATE_LIMIT_ERROR')).toHaveLength(95)
    }
  })

  it('is answered the same for an account and for none, all the way into the lock', async () => {
    const email = await newAccount()
    const seen = { known: [] as unknown[], unknown: [] as unknown[] }
    for (let n = 0; n < 14; n++) {
      seen.known.push(await attempt(email, 'wrong password'))
      seen.unknown.push(await attempt(`nobody-${email}`, 'wrong password'))
      domain.advance(n < 12 ? 33_000 : MINUTE)
    }
    expect(seen.known).toEqual(seen.unknown)
    expect(seen.known.at(-1)).toMatchObject({ code: 'RATE_LIMIT_ERROR' })
  })

  it('takes the same statements for an account and for none', async () => {
    const email = await newAccount()
    const statementsOf = async (address: string) => {
      domain.statements.length = 0
      await attempt(address, 'wrong password')
      return [...domain.statements]
    }
    expect(await statementsOf(email)).toEqual(await statementsOf('nobody-at-all@example.com'))
  })

  it('locks, and the right password from elsewhere waits too; a device that signed in before does not', async () => {
    const email = await newAccount()
    const deviceToken = await deviceTokenOf(email)
    for (let n = 0; n < 12; n++) {
      await attempt(email, 'wrong password')
      domain.advance(33_000)
    }
    expect(await attempt(email, password)).toMatchObject({ code: 'RATE_LIMIT_ERROR' })
    expect(await attempt(email, password, { deviceToken })).toMatchObject({ code: 'OK' })
    expect(await attempt(email, password)).toMatchObject({ code: 'RATE_LIMIT_ERROR' })
    domain.advance(60 * MINUTE)
    expect(await attempt(email, password)).toMatchObject({ code: 'OK' })
    expect(await attempt(email, 'wrong password')).toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  it('from a device that signed in before has a limit as well', async () => {
    const email = await newAccount()
    const deviceToken = await deviceTokenOf(email)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => attempt(email, 'wrong password', { deviceToken })),
    )
    expect(answers.filter(({ code }) => code === 'INVALID_CREDENTIALS')).toHaveLength(5)
    expect(await attempt(email, password)).toMatchObject({ code: 'OK' })
  })

  it('gains nothing from the device of another account, or from a made-up one', async () => {
    const deviceToken = await deviceTokenOf(await newAccount())
    const email = await newAccount()
    domain.hasher.calls = 0
    for (const token of [deviceToken, 'x'.repeat(43)]) {
      await Promise.all(
        Array.from({ length: 10 }, () => attempt(email, 'wrong password', { deviceToken: token })),
      )
    }
    expect(domain.hasher.calls).toBe(5)
  })

  it('leaves neither the address nor the account in the counter', async () => {
    const email = await newAccount()
    await attempt(email, 'wrong password')
    const rows = await domain.engine.db.selectFrom('guess_counters').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(email)
    expect(rows.every(({ subject }) => /^[\w-]{43}$/.test(subject))).toBe(true)
  })
})
