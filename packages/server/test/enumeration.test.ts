import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestAnswer, type TestServer } from '../src/testing/start-test-server'

/** Counts real hashes. */
const hashes = vi.hoisted(() => ({ calls: 0 }))
vi.mock('@node-rs/argon2', async importOriginal => {
  const argon2 = await importOriginal<typeof import('@node-rs/argon2')>()
  const counted =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      hashes.calls++
      return work(...args)
    }
  return { ...argon2, hash: counted(argon2.hash), verify: counted(argon2.verify) }
})

const password = 'a-long-secure-passphrase'

/** Everything that a caller can see of an answer, but for the time of day, the request's id, and the address it sent. */
const visible = ({ status, body, headers }: TestAnswer, email: string) => ({
  status,
  body: JSON.stringify(body).replaceAll(email, 'ADDRESS'),
  headers: [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name)),
})

/** Each way to ask about an address without proving anything, and the hashes that it takes. */
const QUESTIONS = [
  { path: '/sign-in/email', more: { password: 'not the password' }, status: 401, hashCalls: 1 },
  { path: '/sign-up/email', more: { password, name: 'Ada' }, status: 200, hashCalls: 1 },
  { path: '/request-password-reset', more: {}, status: 200, hashCalls: 0 },
  { path: '/send-verification-email', more: {}, status: 200, hashCalls: 0 },
  { path: '/sign-in/magic-link', more: {}, status: 200, hashCalls: 0 },
  { path: '/identify', more: {}, status: 200, hashCalls: 0 },
  {
    path: '/two-factor/verify-totp',
    more: { code: '123456', challengeToken: 'x' },
    status: 400,
    hashCalls: 0,
  },
]

describeOnEachDatabase('asking about an address', createDatabase => {
  let server: TestServer
  let counter = 0
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
    // What unknown addresses are compared with is hashed once, at the start.
    await ask('/sign-in/email', 'nobody@example.com', { password })
  })
  afterAll(() => server.stop())
  beforeEach(() => {
    hashes.calls = 0
  })
  const ask = (path: string, email: string, more: object) =>
    server.call('POST', `/api/auth${path}`, { body: { email, ...more } })
  const knownAddress = async (kind: string): Promise<string> => {
    const { email, cookie } = await server.signUp()
    if (kind !== 'a new account') {
      const mail = await server.mail(email)
      const link = new URL(/\S+verify-email\?token=\S+/.exec(mail.text ?? '')?.[0] ?? '')
      await server.call('GET', link.pathname + link.search)
    }
    if (kind === 'an account with two factors')
      await server.call('POST', '/api/auth/two-factor/enable', { cookie, body: {} })
    hashes.calls = 0
    return email
  }

  test.each(
    QUESTIONS.flatMap(question =>
      ['a new account', 'a verified account', 'an account with two factors'].map(
        kind => [question.path, kind, question] as const,
      ),
    ),
  )('%s answers for %s as for none, after the same work', async (_path, kind, question) => {
    const { path, more, status, hashCalls } = question
    const known = await knownAddress(kind)
    const answered = await ask(path, known, more)
    expect(hashes.calls).toBe(hashCalls)
    const unknown = `unknown${++counter}-${process.pid}@example.com`
    const answeredUnknown = await ask(path, unknown, more)
    expect(hashes.calls).toBe(2 * hashCalls)
    expect(answered.status).toBe(status)
    expect(visible(answered, known)).toEqual(visible(answeredUnknown, unknown))
    expect(answered.cookies).toEqual([])
  })
})
