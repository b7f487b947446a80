import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { resolveSession } from '../principals/resolve-session'
import { enableTwoFactor } from './enable-two-factor'
import { hashMailedCode } from './mailed-code'
import { proveSecondFactor } from './prove-second-factor'
import { secretIn, type TwoFactorActions, twoFactorActions, visitOf } from './testing/two-factor-account'
import { getTwoFactorStatus } from './two-factor-status'

const MINUTE = 60_000
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    error => error.code as string,
  )

describeOnEachEngine('a code from somebody who is signed in', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
  })
  const setUp = async () => {
    const principal = await act.signUp()
    const { totpUri } = await enableTwoFactor(domain.context, principal, 'totp')
    return { principal, secret: secretIn(totpUri) }
  }

  /** As if a code had been mailed for the session. */
  const plantMailedCode = ({ userId, session }: SessionPrincipal, code: string) =>
    domain.storage.twoFactors.update(userId, {
      code_hash: hashMailedCode(domain.context, userId, session.id, code),
      code_bound_to: session.id,
      code_expires_at: domain.now() + MINUTE,
    })

  describe('the first one', () => {
    it('turns the second factor on, gives the session a new secret, ends the others, and is told by mail', async () => {
      const { principal, secret } = await setUp()
      const other = await act.openSession(principal.userId)
      const opened = await proveSecondFactor(
        domain.context,
        { factor: 'totp', code: act.totp(secret) },
        visitOf(principal),
      )
      expect(opened.session.id).not.toBe(principal.session.id)
      expect(opened.session.token_hash).not.toBe(principal.session.token_hash)
      expect((await resolveSession(domain.context, opened.token)).isFresh).toBe(true)
      const live = await domain.storage.sessions.listLive(principal.userId, domain.now())
      expect(live.map(({ id }) => id)).toEqual([opened.session.id])
      expect(live.map(({ id }) => id)).not.toContain(other.session.id)
      expect(await getTwoFactorStatus(domain.context, principal.userId)).toEqual({
        method: 'totp',
        enabledAt: domain.now(),
        backupCodesLeft: 10,
      })
      expect((await domain.storage.users.find(principal.userId))?.two_factor_enabled).toBe(1)
      expect(domain.mails.at(-1)).toMatchObject({
        to: `${principal.userId}@example.com`.toLowerCase(),
        subject: 'Two-factor authentication was turned on',
      })
    })

    it('is used up: it opens no sign-in', async () => {
      const { principal, secret } = await setUp()
      const code = act.totp(secret)
      await act.prove(principal, 'totp', code)
      const { challengeToken } = await act.begin(principal.userId)
      expect(await refusal(act.finish(challengeToken, 'totp', code))).toBe('INVALID_CODE')
      expect(await refusal(act.finish(challengeToken, 'totp', act.totp(secret, 1)))).toBe('done')
    })

    it('changes nothing if it is wrong, of the other kind, or sent with a session that has ended', async () => {
      const { principal, secret } = await setUp()
      expect(await refusal(act.prove(principal, 'totp', act.wrongCode(secret)))).toBe('INVALID_CODE')
      expect(await refusal(act.prove(principal, 'email', act.totp(secret)))).toBe('INVALID_CODE')
      await domain.storage.sessions.deleteAll(principal.userId, domain.now())
      expect(await refusal(act.prove(principal, 'totp', act.totp(secret)))).toBe('INVALID_OR_EXPIRED_TOKEN')
      expect(await domain.storage.twoFactors.find(principal.userId)).toMatchObject({
        confirmed_at: null,
        last_used_step: 0,
      })
      expect((await domain.storage.users.find(principal.userId))?.two_factor_enabled).toBe(0)
    })

    it('by mail is never the way around an authenticator app, even if one had been mailed', async () => {
      const { principal } = await setUp()
      await plantMailedCode(principal, '123456')
      expect(await refusal(act.prove(principal, 'email', '123456'))).toBe('INVALID_CODE')
    })

    it('counts for the account alone that set it up', async () => {
      const { secret } = await setUp()
      const stranger = await setUp()
      expect(await refusal(act.prove(stranger.principal, 'totp', act.totp(secret)))).toBe('INVALID_CODE')
    })

    it('is refused to a disabled user', async () => {
      const { principal, secret } = await setUp()
      await domain.storage.users.update(principal.userId, { is_active: 0 })
      expect(await refusal(act.prove(principal, 'totp', act.totp(secret)))).toBe('USER_NOT_ACTIVE')
    })

    it('of ten at the same time counts once', async () => {
      const { principal, secret } = await setUp()
      const codes = Array.from({ length: 10 }, () => refusal(act.prove(principal, 'totp', act.totp(secret))))
      const answers = await Promise.all(codes)
      expect(answers.filter(answer => answer === 'done')).toHaveLength(1)
      expect(await domain.storage.sessions.listLive(principal.userId, domain.now())).toHaveLength(1)
    })
  })

  describe('a later one', () => {
    it('of the app makes the session fresh under a new secret, once', async () => {
      const { principal, secret } = await act.signUpWith('totp')
      domain.advance(16 * MINUTE)
      const mails = domain.mails.length
      const fresh = await act.prove(principal, 'totp', act.totp(secret))
      expect(fresh.isFresh).toBe(true)
      expect(fresh.session.id).not.toBe(principal.session.id)
      expect(await refusal(act.prove(fresh, 'totp', act.totp(secret)))).toBe('INVALID_CODE')
      expect(domain.mails).toHaveLength(mails)
    })

    it('leaves other sessions and trusted devices as they are', async () => {
      const { principal, secret } = await act.signUpWith('totp')
      await act.openSession(principal.userId)
      domain.advance(MINUTE)
      await act.prove(principal, 'totp', act.totp(secret))
      expect(await domain.storage.sessions.listLive(principal.userId, domain.now())).toHaveLength(2)
    })

    it('by mail proves nothing to a session: whoever has both need not know the password', async () => {
      const { principal } = await act.signUpWith('email')
      await plantMailedCode(principal, '123456')
      expect(await refusal(act.prove(principal, 'email', '123456'))).toBe('INVALID_CODE')
    })

    it('is counted like any other guess at a second factor', async () => {
      const { principal, secret } = await act.signUpWith('totp')
      domain.advance(MINUTE)
      for (let n = 0; n < 5; n++) {
        expect(await refusal(act.prove(principal, 'totp', act.wrongCode(secret)))).toBe('INVALID_CODE')
      }
      expect(await refusal(act.prove(principal, 'totp', act.totp(secret)))).toBe('RATE_LIMIT_ERROR')
      const { challengeToken } = await act.begin(principal.userId)
      expect(await refusal(act.finish(challengeToken, 'totp', act.totp(secret)))).toBe('RATE_LIMIT_ERROR')
      domain.advance(MINUTE)
      expect(await refusal(act.prove(principal, 'totp', act.totp(secret)))).toBe('done')
    })
  })

  it('is nothing where there is no second factor, or nobody signed in', async () => {
    expect(await refusal(act.prove(await act.signUp(), 'totp', '123456'))).toBe('INVALID_CODE')
    const proof = { factor: 'totp', code: '123456' } as const
    expect(await refusal(proveSecondFactor(domain.context, proof, visitOf()))).toBe('AUTHENTICATION_REQUIRED')
  })
})
