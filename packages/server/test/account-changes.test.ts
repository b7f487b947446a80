import { readFileSync } from 'node:fs'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUserActive } from '../src/domain/accounts/set-user-active'
import { createLogger } from '../src/observability/logger'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { createStorage } from '../src/storage/storage'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '../src/testing/software-authenticator'
import { startTestServer, type TestAnswer, type TestServer } from '../src/testing/start-test-server'

/** The table of docs/account-security.md: row → column → cell. */
const readTable = (): Map<string, Map<string, string>> => {
  const page = readFileSync(new URL('../../../docs/account-security.md', import.meta.url), 'utf8')
  const lines = /## What a change ends[\s\S]*?\n((?:\|.*\n)+)/.exec(page)?.[1]?.trim().split('\n') ?? []
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim().replaceAll('`', ''))
  const [, ...columns] = cells(lines[0] ?? '')
  return new Map(
    lines.slice(2).map(line => {
      const [row = '', ...rest] = cells(line)
      return [row, new Map(columns.map((column, index) => [column, rest[index] ?? '']))]
    }),
  )
}

/** Somebody with a verified address, two sessions, a key, an authenticator app and a passkey. */
interface Person {
  readonly email: string
  readonly password: string
  readonly id: string
  /** The session that makes the changes. */
  readonly cookie: string
  readonly otherCookie: string
  readonly key: string
  readonly totp: TOTP
  readonly authenticator: SoftwareAuthenticator
}

const CODES: Readonly<Record<string, string>> = {
  ended: 'INVALID_OR_EXPIRED_TOKEN',
  works: 'OK',
  'goes on': 'OK',
  'goes on, new cookie': 'OK',
}

describeOnEachDatabase('what a change to an account ends', createDatabase => {
  let server: TestServer
  let engine: StorageEngine
  let operator: Parameters<typeof setUserActive>[0]
  let counter = 0
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    engine = await openEngine({ database: databaseUrl })
    const logger = createLogger({ level: 'silent', stream: { write: () => {} } })
    operator = { storage: createStorage(engine), clock: server.now, logger }
  })
  afterAll(async () => {
    await engine.close()
    await server.stop()
  })

  const post = (path: string, body: object = {}, cookie?: string) =>
    server.call('POST', `/api/auth${path}`, { body, cookie })
  const seen = new Map<string, number>()
  /** Of the next mail to the address with this subject. */
  const tokenMailed = async (email: string, subject: RegExp): Promise<string> => {
    const count = (seen.get(email + subject) ?? 0) + 1
    seen.set(email + subject, count)
    const mail = await server.mail(email, count, subject)
    return new URL(/http\S+token=\S+/.exec(mail.text ?? '')?.[0] ?? '').searchParams.get('token') ?? ''
  }
  const nextCode = (totp: TOTP): string => {
    server.advance(31_000)
    return totp.generate({ timestamp: server.now() })
  }
  const signInByPasskey = async (authenticator: SoftwareAuthenticator, email?: string) => {
    const { data } = (await post('/passkey/generate-authenticate-options', { email })).body
    return () => post('/passkey/verify-authentication', { response: authenticator.get(data) })
  }

  /** The surface says its codes in a header. */
  const withCode = ({ headers, body, ...answer }: TestAnswer): TestAnswer => ({
    ...answer,
    headers,
    body: { ...body, code: headers.get('x-error-code') ?? 'OK' },
  })
  const surface = async (path: string, body: object) => withCode(await server.call('POST', path, { body }))
  const asBearer = async (method: string, path: string, token: string) =>
    withCode(await server.call(method, path, { headers: { authorization: `Bearer ${token}` } }))
  const tokenChallengeOf = async ({ email, password }: Person): Promise<string> => {
    const body = { grant_type: 'password', identifier: email, password }
    return (await surface('/api/token', body)).body.data.challenge_token
  }
  const tokensOf = async (person: Person) => {
    const challenge_token = await tokenChallengeOf(person)
    return (await surface('/api/token/2fa', { challenge_token, code: nextCode(person.totp) })).body
  }

  const newPerson = async (): Promise<Person> => {
    const { email, password, id, cookie } = await server.signUp()
    await post('/verify-email', { token: await tokenMailed(email, /^Confirm/) })
    const authenticator = createSoftwareAuthenticator(server.url)
    const creation = (await post('/passkey/generate-register-options', {}, cookie)).body.data
    await post('/passkey/verify-registration', { response: authenticator.create(creation) }, cookie)
    const enabled = await post('/two-factor/enable', {}, cookie)
    const secret = new URL(enabled.body.data.totpURI).searchParams.get('secret') ?? ''
    const totp = new TOTP({ secret })
    const confirmed = await post('/two-factor/verify-totp', { code: nextCode(totp) }, cookie)
    const other = await (await signInByPasskey(authenticator))()
    const current = confirmed.cookie ?? ''
    const { key } = await server.createKey({ cookie: current })
    return { email, password, id, cookie: current, otherCookie: other.cookie ?? '', key, totp, authenticator }
  }

  /** Each thing: handed out before the change, tried after it. */
  const THINGS: Record<string, (person: Person) => Promise<() => Promise<TestAnswer>>> = {
    'other session':
      async ({ otherCookie }) =>
      () =>
        server.call('GET', '/api/user/me', { cookie: otherCookie }),
    'personal access token':
      async ({ key }) =>
      () =>
        server.call('GET', '/api/user/me', { key }),
    'access token': async person => {
      const { access_token } = await tokensOf(person)
      return () => asBearer('POST', '/api/revoke', access_token)
    },
    'refresh token': async person => {
      const { refresh_token } = await tokensOf(person)
      return () => surface('/api/token', { grant_type: 'refresh_token', refresh_token })
    },
    'challenge for tokens': async person => {
      const challenge_token = await tokenChallengeOf(person)
      return () => surface('/api/token/2fa', { challenge_token, code: nextCode(person.totp) })
    },
    'magic link': async ({ email }) => {
      await post('/sign-in/magic-link', { email })
      const token = await tokenMailed(email, /link to sign in/)
      return () => post('/magic-link/verify', { token })
    },
    'reset link': async ({ email }) => {
      await post('/request-password-reset', { email })
      const token = await tokenMailed(email, /^Reset/)
      return () => post('/reset-password', { token, newPassword: 'somebody-elses-password' })
    },
    'two-factor challenge': async ({ email, password, totp }) => {
      const { challengeToken } = (await post('/sign-in/email', { email, password })).body.data
      return () => post('/two-factor/verify-totp', { code: nextCode(totp), challengeToken })
    },
    'passkey challenge of the account': ({ authenticator, email }) => signInByPasskey(authenticator, email),
  }

  /** Each change; answers with the cookie that the session which made it has afterwards. */
  const CHANGES: Record<string, (person: Person) => Promise<string>> = {
    'password changed': async ({ cookie, password }) => {
      const body = { currentPassword: password, newPassword: 'a-new-long-passphrase' }
      return (await post('/change-password', body, cookie)).cookie ?? cookie
    },
    'password reset': async ({ email, cookie }) => {
      await post('/request-password-reset', { email })
      const token = await tokenMailed(email, /^Reset/)
      const answer = await post('/reset-password', { token, newPassword: 'a-new-long-passphrase' })
      expect(answer.status).toBe(200)
      return cookie
    },
    'e-mail changed': async ({ cookie }) => {
      const newEmail = `moved-${++counter}-${process.pid}@example.com`
      await post('/change-email', { email: newEmail }, cookie)
      const token = await tokenMailed(newEmail, /^Confirm your new/)
      expect((await post('/verify-email', { token })).status).toBe(200)
      return cookie
    },
    '2FA turned off': async ({ cookie }) => (await post('/two-factor/disable', {}, cookie)).cookie ?? cookie,
    'user disabled': async ({ email, cookie }) => {
      expect(await setUserActive(operator, email, false)).toBe('changed')
      return cookie
    },
    'user deleted': async ({ cookie }) => {
      expect((await server.call('DELETE', '/api/user/me', { cookie })).status).toBe(200)
      return cookie
    },
    'all sessions revoked': async ({ cookie }) => {
      await post('/revoke-sessions', {}, cookie)
      return cookie
    },
  }

  const table = readTable()
  const OWN_SESSION = 'session that made the change'

  test('is written down for every thing and every change', () => {
    expect([...table.keys()].sort()).toEqual([OWN_SESSION, ...Object.keys(THINGS)].sort())
    for (const cells of table.values()) expect([...cells.keys()].sort()).toEqual(Object.keys(CHANGES).sort())
  })

  test.each(Object.keys(THINGS))('without a change: the %s works', async thing => {
    const tryIt = await THINGS[thing]!(await newPerson())
    expect((await tryIt()).body.code).toBe('OK')
  })

  test.each(Object.keys(CHANGES))('%s', async change => {
    const person = await newPerson()
    const tries = new Map<string, () => Promise<TestAnswer>>()
    for (const [thing, handOut] of Object.entries(THINGS)) tries.set(thing, await handOut(person))
    await CHANGES[change]!(person)
    for (const [thing, tryIt] of tries) {
      const cell = table.get(thing)?.get(change) ?? ''
      expect(`${thing}: ${(await tryIt()).body.code}`).toBe(`${thing}: ${CODES[cell] ?? cell}`)
    }
  })

  test.each(Object.keys(CHANGES))('%s: the session that made the change', async change => {
    const person = await newPerson()
    const cookie = await CHANGES[change]!(person)
    const cell = table.get(OWN_SESSION)?.get(change) ?? ''
    expect((await server.call('GET', '/api/user/me', { cookie })).body.code).toBe(CODES[cell] ?? cell)
    expect(cookie !== person.cookie).toBe(cell === 'goes on, new cookie')
    if (cookie !== person.cookie) {
      const stale = await server.call('GET', '/api/user/me', { cookie: person.cookie })
      expect(stale.body.code).toBe('INVALID_OR_EXPIRED_TOKEN')
    }
  })
})
