import type { SecondFactor } from '@snoop/sdk/contract'
import { TOTP } from 'otpauth'
import { userRow } from '../../../testing/rows'
import type { TestDomain } from '../../../testing/test-domain'
import type { SessionPrincipal } from '../../principals/principal'
import { resolveSession } from '../../principals/resolve-session'
import { createSession, type OpenedSession } from '../../sessions/create-session'
import { completeSignIn, type FirstFactor } from '../../sign-in/complete-sign-in'
import type { Visit } from '../../sign-in/visit'
import { withUserLocked } from '../../with-user-locked'
import { enableTwoFactor, type TwoFactorMethod } from '../enable-two-factor'
import { proveSecondFactor } from '../prove-second-factor'
import { signInBySecondFactor } from '../sign-in-by-second-factor'

const DEVICE = { ipAddress: '192.0.2.1', userAgent: 'test' }

/** From a device that was never seen, unless said. */
export const visitOf = (session?: SessionPrincipal, deviceToken?: string): Visit => ({
  device: DEVICE,
  deviceToken,
  session,
  requestId: 'req_test',
})

export const secretIn = (totpUri: string | null): string =>
  new URL(totpUri ?? '').searchParams.get('secret') ?? ''

/** What people with second factors do, over the domain. */
export const twoFactorActions = (domain: TestDomain) => {
  const { context, storage } = domain

  const principalOf = ({ token }: OpenedSession): Promise<SessionPrincipal> => resolveSession(context, token)

  /** One more session of a user. */
  const openSession = async (userId: string): Promise<SessionPrincipal> =>
    principalOf(await createSession(context, storage, userId, DEVICE, true))

  /** The code that the app shows `steps` from now. */
  const totp = (secret: string, steps = 0): string =>
    new TOTP({ secret }).generate({ timestamp: domain.now() + steps * 30_000 })

  const codeMails = () => domain.mails.filter(({ subject }) => subject === 'Your security code')

  /** The code that was mailed last. */
  const mailed = (): string => /^\d{6}$/m.exec(codeMails().at(-1)?.text ?? '')?.[0] ?? ''

  /** A user with a verified address. */
  const signUp = async (): Promise<SessionPrincipal> => {
    const id = context.newId()
    const email = `${id}@example.com`.toLowerCase()
    await storage.users.insert({ ...userRow(id), email, email_verified_at: 0 })
    return openSession(id)
  }

  const prove = async (principal: SessionPrincipal, factor: TwoFactorMethod, code: string) =>
    principalOf(await proveSecondFactor(context, { factor, code }, visitOf(principal)))

  /** A user whose second factor is on; the step of now is used up. */
  const signUpWith = async (method: TwoFactorMethod) => {
    const principal = await signUp()
    const { totpUri, backupCodes } = await enableTwoFactor(context, principal, method)
    const secret = totpUri === null ? '' : secretIn(totpUri)
    const code = method === 'totp' ? totp(secret) : mailed()
    return { principal: await prove(principal, method, code), secret, backupCodes }
  }

  /** The first factor of a sign-in, proved. */
  const passFirst = (userId: string, method: FirstFactor['method'] = 'password', visit = visitOf()) =>
    withUserLocked(context, userId, async stores => {
      const user = await stores.users.find(userId)
      if (!user) throw new Error('no such user')
      return completeSignIn(context, stores, user, { method, remember: true }, visit)
    })

  /** The same, up to the second factor that must be asked for. */
  const begin = async (userId: string, method?: FirstFactor['method'], visit?: Visit) => {
    const outcome = await passFirst(userId, method, visit)
    if (outcome.outcome !== 'second-factor-needed') throw new Error('no second factor was asked for')
    return outcome
  }

  const finish = (challengeToken: string, factor: SecondFactor, code: string, more: FinishOptions = {}) => {
    const { trustDevice = false, visit = visitOf() } = more
    return signInBySecondFactor(context, { challengeToken, factor, code, trustDevice }, visit)
  }

  /** A code that is not right now, nor one step before or after. */
  const wrongCode = (secret = ''): string => {
    const right = secret ? [-1, 0, 1].map(steps => totp(secret, steps)) : [mailed()]
    return ['000000', '111111', '222222', '333333'].find(code => !right.includes(code)) ?? ''
  }

  return {
    principalOf,
    openSession,
    totp,
    codeMails,
    mailed,
    signUp,
    prove,
    signUpWith,
    passFirst,
    begin,
    finish,
    wrongCode,
  }
}

interface FinishOptions {
  readonly trustDevice?: boolean
  readonly visit?: Visit
}

export type TwoFactorActions = ReturnType<typeof twoFactorActions>
