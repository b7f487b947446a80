import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SCOPES } from '@snoop/sdk/contract'
import PostalMime, { type Email } from 'postal-mime'
import { databaseSchema } from '../config/setting-schemas'
import { createServer, type ServerOptions } from '../create-server'
import { SecretLedger } from './secret-ledger'
import './guard-tenants'

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any
  /** `name=value` of the session cookie that was set, or undefined. */
  readonly cookie: string | undefined
  /** `name=value` of every cookie that was set; empty values take one away. */
  readonly cookies: readonly string[]
}

export interface TestCall {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown
  readonly cookie?: string | undefined
  readonly key?: string | undefined
}

/** Somebody signed in, with a password that passes and a default organization. */
export interface TestUser {
  readonly email: string
  readonly password: string
  readonly id: string
  readonly cookie: string
  readonly organizationId: string
}

export interface TestServer {
  readonly url: string
  readonly dataDir: string
  /** All that was logged so far. */
  readonly log: () => string
  call(method: string, path: string, call?: TestCall): Promise<TestAnswer>
  signUp(name?: string): Promise<TestUser>
  /** Follows the link that was mailed at the sign-up. */
  verifyAddress(email: string): Promise<void>
  /** A key of the user's. @returns its secret and id */
  createKey(
    user: Pick<TestUser, 'cookie'>,
    body?: Record<string, unknown>,
  ): Promise<{ key: string; id: string }>
  /** The newest mail to an address (of those whose subject fits), once there are `count` of them. */
  mail(address: string, count?: number, subject?: RegExp): Promise<Email>
  /** What the server must not have kept: passwords, session tokens and keys that passed by in `call`. */
  readonly secrets: SecretLedger
  /** The server's clock, in milliseconds since 1970. */
  now(): number
  /** Moves it forward. */
  advance(ms: number): void
  /** @throws Error if a password, session token or key is in the database, its WAL, the log or the outbox */
  stop(): Promise<void>
  /** Stops it and starts another one on the same data. */
  restart(): Promise<void>
}

export const ALL_SCOPES: readonly string[] = SCOPES

/** Limits off, so that a test meets only those that it asks for. */
const NO_LIMITS = {
  global: null,
  signIn: null,
  signUp: null,
  twoFactor: null,
  passkey: null,
  magicLink: null,
  verificationMail: null,
  passwordReset: null,
  snipy: null,
  snipyToken: null,
  snipyUrlCreate: null,
  snipyQrDownload: null,
  snaapiToken: null,
} as const

const readMails = async (dataDir: string, address: string): Promise<Email[]> => {
  const folder = join(dataDir, 'outbox')
  const files = readdirSync(folder)
    .filter(file => file.endsWith('.eml'))
    .sort()
  const mails = await Promise.all(files.map(file => PostalMime.parse(readFileSync(join(folder, file)))))
  return mails.filter(mail => mail.to?.some(to => to.address === address))
}

let counter = 0

/** A whole server on a free loopback port, in this process, with a folder of its own. */
export const startTestServer = async (
  options: Omit<ServerOptions, 'database'> & { readonly databaseUrl?: string } = {},
): Promise<TestServer> => {
  const { databaseUrl, ...rest } = options
  const dataDir = mkdtempSync(join(tmpdir(), 'snoop-server-'))
  const lines: string[] = []
  const secrets = new SecretLedger()
  let offsetMs = 0
  const start = () =>
    createServer({
      port: 0,
      dataDir,
      rateLimits: NO_LIMITS,
      keyRateLimit: null,
      defaultPlan: 'business',
      passwordHashConcurrency: 2,
      passwordHashQueue: 1000,
      logLevel: 'debug',
      logStream: { write: line => void lines.push(line) },
      clock: () => Date.now() + offsetMs,
      ...(databaseUrl !== undefined && { database: databaseSchema.parse(databaseUrl) }),
      ...rest,
    })
  let server = await start()

  const call = async (
    method: string,
    path: string,
    { headers, body, cookie, key }: TestCall = {},
  ): Promise<TestAnswer> => {
    const response = await fetch(server.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(cookie !== undefined && { cookie }),
        ...(key !== undefined && { 'x-api-key': key }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    const cookies = response.headers.getSetCookie().map(cookie => cookie.split(';', 1)[0] ?? '')
    const answer = {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
      cookie: cookies.find(cookie => cookie.includes('snoop_session=')),
      cookies,
    }
    secrets.add((body as { password?: unknown } | undefined)?.password)
    secrets.add(answer.body?.data?.key)
    for (const cookie of cookies) secrets.add(cookie.split('=')[1])
    secrets.add(answer.body?.data?.challengeToken)
    return answer
  }

  const signUp = async (name = `Test User ${++counter}`): Promise<TestUser> => {
    const email = `user${++counter}-${process.pid}@example.com`
    const password = `correct horse ${counter} battery`
    await call('POST', '/api/auth/sign-up/email', { body: { email, password, name } })
    const signedIn = await call('POST', '/api/auth/sign-in/email', { body: { email, password } })
    const cookie = signedIn.cookie
    if (!cookie) throw new Error(`could not sign in: ${JSON.stringify(signedIn.body)}`)
    const organizations = await call('GET', '/api/user/organizations', { cookie })
    return {
      email,
      password,
      id: signedIn.body.data.user.id,
      cookie,
      organizationId: organizations.body.data[0].id,
    }
  }

  const mail: TestServer['mail'] = async (address, count = 1, subject = /(?:)/) => {
    for (;;) {
      const all = await readMails(dataDir, address).catch(() => [])
      const mails = all.filter(mail => subject.test(mail.subject ?? ''))
      const newest = mails.at(-1)
      if (newest && mails.length >= count) return newest
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }

  return {
    get url() {
      return server.url
    },
    dataDir,
    log: () => lines.join(''),
    call,
    signUp,
    createKey: async ({ cookie }, body = {}) => {
      const answer = await call('POST', '/api/auth/api-key/create', {
        cookie,
        body: { name: 'test key', scopes: ALL_SCOPES, ...body },
      })
      if (answer.status !== 200) throw new Error(`no key: ${JSON.stringify(answer.body)}`)
      return { key: answer.body.data.key, id: answer.body.data.id }
    },
    mail,
    verifyAddress: async email => {
      const { text = '' } = await mail(email, 1, /^Confirm your e-mail address$/)
      const token = /verify-email\?token=([\w-]+)/.exec(text)?.[1]
      const { status } = await call('POST', '/api/auth/verify-email', { body: { token } })
      if (status !== 200) throw new Error(`could not verify ${email}: ${status}`)
    },
    now: () => Date.now() + offsetMs,
    advance: ms => {
      offsetMs += ms
    },
    secrets,
    stop: async () => {
      // Before the stop, while the WAL is still there.
      const leaks = await secrets.findLeaks(dataDir, databaseUrl, lines.join(''))
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
      if (leaks.length > 0) throw new Error(`secrets were found in ${leaks.join(', ')}`)
    },
    restart: async () => {
      await server.stop()
      server = await start()
    },
  }
}
