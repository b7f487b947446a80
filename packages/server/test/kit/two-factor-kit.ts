import { TOTP } from 'otpauth'
import type { TestAnswer, TestServer, TestUser } from '../../src/testing/start-test-server'

const STEP_MS = 30_000
export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE

export type Method = 'totp' | 'email'

/** Somebody whose second factor is on. */
export interface TwoFactorUser extends TestUser {
  /** In base32; empty for codes by mail. */
  readonly secret: string
  readonly backupCodes: readonly string[]
  /** The text of the next mail to come. */
  nextMail(): Promise<string>
  /** The code in the next mail to come. */
  nextCode(): Promise<string>
}

/** What people with second factors do, over HTTP. */
export const twoFactorKit = (server: TestServer) => {
  let offsetMs = 0
  const now = () => Date.now() + offsetMs

  const advance = (ms: number) => {
    offsetMs += ms
    server.advance(ms)
  }

  const post = (path: string, body: unknown = {}, cookie?: string): Promise<TestAnswer> =>
    server.call('POST', `/api/auth${path}`, { body, cookie })

  /** As post, under `/two-factor`. */
  const prove = (path: string, body: unknown, cookie?: string) => post(`/two-factor${path}`, body, cookie)

  /** The code of an authenticator app, `steps` from now. */
  const totp = (secret: string, steps = 0) =>
    new TOTP({ secret }).generate({ timestamp: now() + steps * STEP_MS })

  /** A code whose step was not used before. */
  const newTotp = (secret: string) => {
    advance(2 * STEP_MS)
    return totp(secret)
  }

  const wrongCode = (...right: readonly string[]) =>
    ['000000', '111111', '222222', '333333', '444444', '555555'].find(code => !right.includes(code)) ?? ''

  const wrongTotp = (secret: string) => wrongCode(...[-2, -1, 0, 1, 2].map(steps => totp(secret, steps)))

  /** What must be kept nowhere, in each form that it could be kept in. */
  const noteSecrets = (secret: string, backupCodes: readonly string[]) => {
    if (secret) {
      const raw = Buffer.from(new TOTP({ secret }).secret.bytes)
      const forms = (['hex', 'base64', 'base64url', 'latin1'] as const).map(form => raw.toString(form))
      for (const form of [secret, secret.toLowerCase(), ...forms]) server.secrets.add(form)
    }
    for (const code of backupCodes) {
      server.secrets.add(code)
      server.secrets.add(code.replace('-', ''))
    }
  }

  const enable = async (cookie: string, method: Method = 'totp') => {
    const answer = await prove('/enable', { method }, cookie)
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    const { totpURI, backupCodes } = answer.body.data as { totpURI: string | null; backupCodes: string[] }
    const secret = totpURI === null ? '' : (new URL(totpURI).searchParams.get('secret') ?? '')
    noteSecrets(secret, backupCodes)
    return { totpURI, secret, backupCodes }
  }

  /** Somebody with a verified address. */
  const signUp = async () => {
    const user = await server.signUp()
    let mails = 0
    const nextMail = async () => (await server.mail(user.email, ++mails)).text ?? ''
    const nextCode = async () => /^\d{6}$/m.exec(await nextMail())?.[0] ?? ''
    const token = /verify-email\?token=(\S+)/.exec(await nextMail())?.[1]
    await post('/verify-email', { token })
    return { ...user, nextMail, nextCode }
  }

  /** Somebody whose second factor is on, told so by mail. */
  const signUpWith = async (method: Method): Promise<TwoFactorUser> => {
    const user = await signUp()
    const { secret, backupCodes } = await enable(user.cookie, method)
    const code = method === 'totp' ? totp(secret) : await user.nextCode()
    const { cookie } = await prove(method === 'totp' ? '/verify-totp' : '/verify-otp', { code }, user.cookie)
    if (!cookie) throw new Error('the second factor did not turn on')
    await user.nextMail()
    return { ...user, cookie, secret, backupCodes }
  }

  const signIn = ({ email, password }: TestUser, cookie?: string) =>
    post('/sign-in/email', { email, password }, cookie)

  /** A sign-in up to the second factor that it asks for. */
  const begin = async (user: TestUser, cookie?: string): Promise<string> => {
    const { body } = await signIn(user, cookie)
    if (!body.data?.challengeToken) throw new Error(`no second factor was asked for: ${JSON.stringify(body)}`)
    return body.data.challengeToken
  }

  const isLive = async (cookie: string | undefined) =>
    (await server.call('GET', '/api/auth/get-session', { cookie })).status === 200

  return {
    now,
    offsetMs: () => offsetMs,
    advance,
    post,
    prove,
    totp,
    newTotp,
    wrongCode,
    wrongTotp,
    enable,
    signUp,
    signUpWith,
    signIn,
    begin,
    isLive,
  }
}

export type TwoFactorKit = ReturnType<typeof twoFactorKit>

/** The device cookie of an answer. */
export const deviceOf = ({ cookies }: TestAnswer): string =>
  cookies.find(cookie => cookie.startsWith('snoop_device=')) ?? ''
