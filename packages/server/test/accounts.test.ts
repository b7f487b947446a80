import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestAnswer,
  type TestCall,
  type TestServer,
} from '../src/testing/start-test-server'

/** Counts real hashes, and can hold them back. */
const hashes = vi.hoisted(() => ({
  calls: 0,
  running: 0,
  most: 0,
  gate: undefined as Promise<void> | undefined,
}))
vi.mock('@node-rs/argon2', async importOriginal => {
  const argon2 = await importOriginal<typeof import('@node-rs/argon2')>()
  const counted =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>, held: Result) =>
    async (...args: Args): Promise<Result> => {
      hashes.calls++
      hashes.most = Math.max(hashes.most, ++hashes.running)
      try {
        if (hashes.gate === undefined) return await work(...args)
        await hashes.gate
        return held
      } finally {
        hashes.running--
      }
    }
  return { ...argon2, hash: counted(argon2.hash, ''), verify: counted(argon2.verify, false) }
})

const HOUR = 3600_000
const password = 'a-long-secure-passphrase'
let counter = 0
const newAddress = () => `account-${++counter}@example.com`

/** What a caller can see of an answer, but for what is different each time. */
const visible = ({ status, body, headers }: TestAnswer) => ({
  status,
  body: JSON.stringify(body),
  headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'),
})

describeOnEachDatabase('accounts', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({
      databaseUrl,
      trustedOrigins: ['https://app.example.com'],
      passwordHashConcurrency: 2,
      passwordHashQueue: 50,
    })
    database = await openEngine({ database: databaseUrl })
    // What unknown addresses are compared with is hashed once, at the start.
    await signIn('nobody@example.com')
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })
  beforeEach(() => {
    hashes.calls = 0
  })

  const post = (path: string, body: unknown, call: TestCall = {}) =>
    server.call('POST', `/api/auth${path}`, { ...call, body })
  const signUp = (email: string, more: object = {}) =>
    post('/sign-up/email', { email, password, name: 'Ada Lovelace', ...more })
  const signIn = (email: string, more: object = {}) => post('/sign-in/email', { email, password, ...more })
  const linkIn = async (email: string, count = 1): Promise<URL> => {
    const mail = await server.mail(email, count)
    return new URL(/\S+verify-email\?token=\S+/.exec(mail.text ?? '')?.[0] ?? '')
  }
  const open = ({ pathname, search }: URL, method = 'GET') => server.call(method, pathname + search)
  const setActive = (email: string, is_active: 0 | 1) =>
    database.db.updateTable('users').set({ is_active }).where('email', '=', email).execute()

  describe('signing up', () => {
    test('answers the same for a free and a taken address, for one hash and one mail each', async () => {
      const email = newAddress()
      const free = await signUp(email)
      expect(hashes.calls).toBe(1)
      await server.mail(email, 1)
      const taken = await signUp(email)
      expect(hashes.calls).toBe(2)
      expect((await server.mail(email, 2)).subject).not.toBe('Confirm your e-mail address')
      expect(visible(taken)).toEqual(visible(free))
    })

    test.each([
      ['7 letters', 'x'.repeat(7), 400],
      ['8 letters', 'kx8wq2zp', 200],
      ['128 letters', 'xyz!'.repeat(32), 200],
      ['129 letters', 'x'.repeat(129), 400],
      ['128 letters of many bytes', 'ß東'.repeat(64), 200],
      ['a common one', 'password123', 400],
      ['a common one in capitals', 'TRUSTNO1', 400],
    ])('with a password of %s', async (_what, given, status) => {
      const email = newAddress()
      const answer = await signUp(email, { password: given })
      expect(answer.status).toBe(status)
      if (status === 400)
        expect(answer.body.meta.errors).toMatchObject([{ field: 'password', location: 'body' }])
      expect((await signIn(email, { password: given.slice(0, 128) })).status).toBe(status === 200 ? 200 : 401)
      if (status === 200) expect((await signIn(email, { password: given.slice(0, -1) })).status).toBe(401)
    })

    test('takes nothing but what it asks for', async () => {
      const email = newAddress()
      await signUp(email, { role: 'admin', id: 'mine', isVerified: true, is_active: 0, organizationId: 'x' })
      const { body } = await signIn(email)
      expect(body.data.user).toMatchObject({
        role: 'user',
        isVerified: false,
        isActive: true,
        organizationCount: 1,
      })
      expect(body.data.user.id).not.toBe('mine')
    })
  })

  describe('the link in the mail', () => {
    /** With headers that `fetch` does not let one set. */
    const signUpBy = (headers: Record<string, string>, email: string) =>
      new Promise<void>((resolve, reject) => {
        const sent = request(`${server.url}/api/auth/sign-up/email`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
        })
        sent.on('response', response => response.resume().on('end', resolve)).on('error', reject)
        sent.end(JSON.stringify({ email, password, name: 'Ada' }))
      })

    test.each([
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https', 'x-original-host': 'evil.example' },
      {
        'x-forwarded-server': 'evil.example',
        'x-host': 'evil.example',
        'x-rewrite-url': 'https://evil.example/',
      },
    ])('leads to the configured origin, whatever %j says', async headers => {
      const email = newAddress()
      await signUpBy(headers as Record<string, string>, email)
      expect((await linkIn(email)).origin).toBe(server.url)
      const { text = '', html = '' } = await server.mail(email)
      expect(text + html).not.toContain('evil.example')
    })

    test('works once, by GET or POST, twenty times at once too', async () => {
      const [one, other] = [newAddress(), newAddress()]
      await Promise.all([one, other].map(email => signUp(email)))
      const link = await linkIn(one)
      const opened = await Promise.all(Array.from({ length: 20 }, () => open(link)))
      expect(opened.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(400)])
      const token = (await linkIn(other)).searchParams.get('token')
      expect((await post('/verify-email', { token })).body.data.email).toBe(other)
      expect((await post('/verify-email', { token })).body.code).toBe('INVALID_TOKEN')
    })

    test('leads on to the trusted page that was asked for', async () => {
      const email = newAddress()
      await signUp(email, { callbackURL: 'https://app.example.com/welcome?x=1' })
      const answer = await open(await linkIn(email))
      expect([answer.status, answer.headers.get('location')]).toEqual([
        302,
        'https://app.example.com/welcome?x=1',
      ])
      const refused = await signUp(newAddress(), { callbackURL: 'https://app.example.com@evil.example' })
      expect(refused.body.meta.errors).toMatchObject([{ field: 'callbackURL', location: 'body' }])
    })

    test('is dead after another was sent, and after 24 hours', async () => {
      const email = newAddress()
      await signUp(email)
      const first = await linkIn(email)
      await post('/send-verification-email', { email })
      const second = await linkIn(email, 2)
      expect((await open(first)).body.code).toBe('INVALID_TOKEN')
      server.advance(24 * HOUR)
      expect((await open(second)).body.code).toBe('INVALID_TOKEN')
      await post('/send-verification-email', { email })
      expect((await open(await linkIn(email, 3))).status).toBe(200)
    })

    test('is sent again with the same answer for every address', async () => {
      const [waiting, verified] = [newAddress(), newAddress()]
      await Promise.all([waiting, verified].map(email => signUp(email)))
      await open(await linkIn(verified))
      const [first, ...others] = await Promise.all(
        [waiting, verified, 'nobody@example.com', waiting.toUpperCase()].map(email =>
          post('/send-verification-email', { email }),
        ),
      )
      for (const other of others) expect(visible(other)).toEqual(visible(first as TestAnswer))
    })
  })

  describe('signing in', () => {
    test('is refused the same way for an unknown address and a wrong password, after the same work', async () => {
      const [known, disabled] = [newAddress(), newAddress()]
      await Promise.all([known, disabled].map(email => signUp(email)))
      await setActive(disabled, 0)
      const attempts: [string, string][] = [
        ['nobody@example.com', password],
        [known, 'a wrong password'],
        [disabled, 'a wrong password'],
        ['nobody@example.com', 'x'],
      ]
      const answers: TestAnswer[] = []
      for (const [email, given] of attempts) {
        hashes.calls = 0
        answers.push(await signIn(email, { password: given }))
        expect(hashes.calls).toBe(1)
      }
      const [first, ...others] = answers.map(visible)
      expect(first?.status).toBe(401)
      for (const other of others) expect(other).toEqual(first)
    })

    test('tells of a disabled account only who knows the password', async () => {
      const email = newAddress()
      await signUp(email)
      await setActive(email, 0)
      const answer = await signIn(email)
      expect([answer.status, answer.body.code, answer.cookie]).toEqual([401, 'USER_NOT_ACTIVE', undefined])
    })

    test('is over on the next request when the account is disabled, for sessions and keys', async () => {
      const user = await server.signUp()
      const { key } = await server.createKey(user)
      const codes = async () => {
        const answers = [{ cookie: user.cookie }, { key }].map(call =>
          server.call('GET', '/api/user/me', call),
        )
        return (await Promise.all(answers)).map(({ status, body }) => `${status} ${body.code}`)
      }
      expect(await codes()).toEqual(['200 OK', '200 OK'])
      await setActive(user.email, 0)
      expect(await codes()).toEqual(['401 USER_NOT_ACTIVE', '401 USER_NOT_ACTIVE'])
      await setActive(user.email, 1)
      expect(await codes()).toEqual(['200 OK', '200 OK'])
    })
  })

  test('200 sign-ins at once hash two at a time; those without a place are told when to come back, and keys are checked meanwhile', async () => {
    const { key } = await server.createKey(await server.signUp())
    let release = () => {}
    hashes.gate = new Promise(resolve => {
      release = resolve
    })
    hashes.most = 0
    try {
      let refused = 0
      const signIns = Array.from({ length: 200 }, async (_, index) => {
        const answer = await signIn(`crowd-${index}@example.com`)
        if (answer.status === 503) refused++
        return answer
      })
      await vi.waitFor(() => expect(refused).toBe(148), { timeout: 20_000, interval: 5 })
      expect(hashes.running).toBe(2)
      expect((await server.call('GET', '/api/user/me', { key })).status).toBe(200)
      release()
      const answers = await Promise.all(signIns)
      const busy = answers.filter(({ status }) => status === 503)
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(52)
      for (const { body, headers } of busy) {
        expect([body.code, headers.get('retry-after')]).toEqual(['SERVICE_UNAVAILABLE', '2'])
      }
      expect(hashes.most).toBe(2)
    } finally {
      release()
      hashes.gate = undefined
    }
  })
})
