import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { resolveAccessToken } from '../principals/resolve-access-token'
import { disableTwoFactor } from '../two-factor/disable-two-factor'
import { type TwoFactorActions, twoFactorActions } from '../two-factor/testing/two-factor-account'
import { grantByPassword } from './grant-by-password'
import { grantBySecondFactor } from './grant-by-second-factor'

const MINUTE = 60_000

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'OK',
    error => (error as { code: string }).code,
  )

describeOnEachEngine('a challenge for tokens', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  let user: SessionPrincipal
  let secret: string
  let backupCodes: readonly string[]
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
  })
  beforeEach(async () => {
    const made = await act.signUpWith('totp')
    user = made.principal
    secret = made.secret
    backupCodes = made.backupCodes ?? []
    await domain.storage.users.update(user.userId, { password_hash: 'hash of right' })
    // So that the code of now is not the one that turned it on.
    domain.advance(MINUTE)
  })

  let caller = 0
  /** Each time from somewhere else. */
  const visit = () => ({
    device: { ipAddress: `198.51.100.${++caller % 250}`, userAgent: 'curl/8.5.0' },
    deviceToken: undefined,
    session: undefined,
    requestId: 'req_test',
  })
  const ask = async (userId = user.userId): Promise<string> => {
    const { email = '' } = (await domain.storage.users.find(userId)) ?? {}
    const granted = await grantByPassword(domain.context, { identifier: email, password: 'right' }, visit())
    if (granted.outcome !== 'second-factor-needed') throw new Error('no second factor was asked for')
    return granted.challengeToken
  }
  const answer = (challengeToken: string, code: string) =>
    grantBySecondFactor(domain.context, { challengeToken, code }, visit())
  const families = () => domain.storage.tokenFamilies.listAll(user.userId)

  it('is handed out in place of tokens, and kept by its SHA-256 alone', async () => {
    const token = await ask()
    expect(token).toMatch(/^ch_[\w-]{43}$/)
    expect(await families()).toEqual([])
    expect(JSON.stringify(await domain.storage.challenges.list(user.userId))).not.toContain(token.slice(3))
  })

  it.each([
    ['a code of the app', () => act.totp(secret)],
    ['the same with blanks', () => act.totp(secret).replace(/^.../, '$& ')],
    ['a backup code', () => backupCodes[0] ?? ''],
    ['a backup code as it is read out', () => (backupCodes[0] ?? '').toUpperCase().replace('-', ' ')],
  ])('is good once, for %s', async (_what, code) => {
    const token = await ask()
    const { accessToken } = await answer(token, code())
    expect((await resolveAccessToken(domain.context, accessToken)).userId).toBe(user.userId)
    domain.advance(MINUTE)
    expect(await codeOf(answer(token, act.totp(secret)))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(answer(token, backupCodes[1] ?? ''))).toBe('INVALID_CREDENTIALS')
    expect(await families()).toHaveLength(1)
  })

  it('with the same code twenty times at once gives one pair of tokens', async () => {
    const token = await ask()
    const code = act.totp(secret)
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(answer(token, code))))
    expect(codes.filter(outcome => outcome === 'OK')).toHaveLength(1)
    expect(await families()).toHaveLength(1)
  })

  it('is over after five minutes', async () => {
    const [inTime, late] = [await ask(), await ask()]
    domain.advance(5 * MINUTE - 1)
    expect(await codeOf(answer(inTime, backupCodes[0] ?? ''))).toBe('OK')
    domain.advance(1)
    expect(await codeOf(answer(late, backupCodes[1] ?? ''))).toBe('INVALID_CREDENTIALS')
  })

  it('is dead after five wrong codes from anywhere; another one waits with the account', async () => {
    const token = await ask()
    const wrong = act.wrongCode(secret)
    for (const code of [wrong, 'aaaaa-bbbbb', wrong, 'aaaaa-bbbbb', wrong])
      expect(await codeOf(answer(token, code))).toBe('INVALID_CREDENTIALS')
    const error = await answer(token, act.totp(secret)).catch(thrown => thrown)
    expect([error.code, error.message]).toEqual([
      'INVALID_CREDENTIALS',
      expect.stringMatching(/had five wrong codes/),
    ])
    const next = await ask()
    expect(await codeOf(answer(next, act.totp(secret)))).toBe('RATE_LIMIT_ERROR')
    domain.advance(MINUTE)
    expect(await codeOf(answer(next, act.totp(secret)))).toBe('OK')
  })

  it('counts its wrong codes one by one, also where the account is let guess again', async () => {
    const token = await ask()
    const wrong = act.wrongCode(secret)
    const outcomes: string[] = []
    for (let guess = 0; guess < 6; guess++) {
      outcomes.push(await codeOf(answer(token, wrong)))
      await domain.engine.db.deleteFrom('guess_counters').execute()
    }
    expect(outcomes).toEqual(Array(6).fill('INVALID_CREDENTIALS'))
    expect(await domain.storage.challenges.list(user.userId)).toEqual([])
    expect(await codeOf(answer(token, act.totp(secret)))).toBe('INVALID_CREDENTIALS')
  })

  it('with a hundred wrong codes at once lets five be looked at', async () => {
    const token = await ask()
    const wrong = act.wrongCode(secret)
    const codes = await Promise.all(Array.from({ length: 100 }, () => answer(token, wrong).catch(e => e)))
    expect(codes.filter(({ message }) => /^This code is wrong/.test(message))).toHaveLength(5)
    expect(await codeOf(answer(token, act.totp(secret)))).toBe('INVALID_CREDENTIALS')
  })

  it('shares the guesses with a sign-in to a session', async () => {
    const [token, { challengeToken }] = [await ask(), await act.begin(user.userId)]
    const wrong = act.wrongCode(secret)
    for (let guess = 0; guess < 3; guess++) await codeOf(act.finish(challengeToken, 'totp', wrong))
    for (let guess = 0; guess < 2; guess++) await codeOf(answer(token, wrong))
    expect(await codeOf(answer(token, act.totp(secret)))).toBe('RATE_LIMIT_ERROR')
    expect(await codeOf(act.finish(challengeToken, 'totp', act.totp(secret)))).toBe('RATE_LIMIT_ERROR')
  })

  it('that is answered rightly makes the wrong codes before forgotten', async () => {
    for (const backupCode of backupCodes.slice(0, 2)) {
      const token = await ask()
      for (let guess = 0; guess < 4; guess++) await codeOf(answer(token, act.wrongCode(secret)))
      expect(await codeOf(answer(token, backupCode))).toBe('OK')
    }
  })

  it('is no challenge of a sign-in to a session, nor the other way round', async () => {
    const [token, { challengeToken }] = [await ask(), await act.begin(user.userId)]
    expect(await codeOf(act.finish(token, 'totp', act.totp(secret)))).toBe('INVALID_TOKEN')
    expect(await codeOf(answer(challengeToken, act.totp(secret)))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(answer(`ch_${challengeToken}`, act.totp(secret)))).toBe('INVALID_CREDENTIALS')
  })

  it('takes no code of another user', async () => {
    const other = await act.signUpWith('totp')
    domain.advance(MINUTE)
    const token = await ask()
    expect(await codeOf(answer(token, act.totp(other.secret)))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(answer(token, other.backupCodes?.[0] ?? ''))).toBe('INVALID_CREDENTIALS')
  })

  it('is over when the second factor is turned off, or the user disabled', async () => {
    const token = await ask()
    await domain.storage.users.update(user.userId, { is_active: 0 })
    expect(await codeOf(answer(token, act.totp(secret)))).toBe('USER_NOT_ACTIVE')
    await domain.storage.users.update(user.userId, { is_active: 1 })
    await disableTwoFactor(domain.context, actorOf(user))
    expect(await codeOf(answer(token, backupCodes[0] ?? ''))).toBe('INVALID_CREDENTIALS')
  })

  it('of an account with codes by mail takes a backup code', async () => {
    const { principal, backupCodes: codes } = await act.signUpWith('email')
    await domain.storage.users.update(principal.userId, { password_hash: 'hash of right' })
    const mails = act.codeMails().length
    const token = await ask(principal.userId)
    expect(act.codeMails()).toHaveLength(mails)
    expect(await codeOf(answer(token, act.mailed()))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(answer(token, codes?.[0] ?? ''))).toBe('OK')
  })

  it('leaves a wrong code in the login history, and no code in the log', async () => {
    domain.logged.length = 0
    const token = await ask()
    await codeOf(answer(token, 'aaaaa-bbbbb'))
    await answer(token, backupCodes[0] ?? '')
    await domain.context.failedSignIns.flush()
    const history = await domain.storage.loginEvents.listAll(user.userId)
    expect(history.map(({ success }) => success).sort()).toEqual([0, 1])
    const log = JSON.stringify(domain.logged)
    for (const text of ['aaaaa', backupCodes[0], token]) expect(log).not.toContain(text)
  })
})
