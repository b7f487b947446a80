import type { SecondFactor } from '@snoop/sdk/contract'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { findSecondFactorChallenge } from '../sign-in/second-factor-challenge'
import { hashMailedCode } from './mailed-code'
import { sendSecondFactorCode } from './send-second-factor-code'
import { type TwoFactorActions, twoFactorActions, visitOf } from './testing/two-factor-account'

const MINUTE = 60_000
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    error => error.code as string,
  )

describeOnEachEngine('signing in by a second factor', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
  })
  const sessions = async (userId: string) =>
    (await domain.storage.sessions.listLive(userId, domain.now())).length
  const send = (challengeToken: string) => sendSecondFactorCode(domain.context, challengeToken, visitOf())
  const history = async (userId: string) => {
    await domain.context.failedSignIns.flush()
    return domain.engine.db
      .selectFrom('login_events')
      .select(['method', 'success'])
      .where('user_id', '=', userId)
      .orderBy('id')
      .execute()
  }

  it('opens a session of the method that the first factor was proved by, and tells the history', async () => {
    const { principal, secret } = await act.signUpWith('totp')
    const { challengeToken, factors } = await act.begin(principal.userId, 'social')
    expect(factors).toEqual(['totp', 'backup-code'])
    expect(await sessions(principal.userId)).toBe(1)
    const { opened } = await act.finish(challengeToken, 'totp', act.totp(secret, 1))
    expect(opened.session.user_id).toBe(principal.userId)
    expect(await sessions(principal.userId)).toBe(2)
    expect(await history(principal.userId)).toEqual([{ method: 'social', success: 1 }])
  })

  it('goes on after wrong codes, and not after a right one', async () => {
    const { principal, secret, backupCodes } = await act.signUpWith('totp')
    const { challengeToken } = await act.begin(principal.userId)
    for (const factor of ['totp', 'backup-code'] as const) {
      expect(await refusal(act.finish(challengeToken, factor, act.wrongCode(secret)))).toBe('INVALID_CODE')
    }
    expect(await refusal(act.finish(challengeToken, 'totp', act.totp(secret, 1)))).toBe('done')
    expect(await refusal(act.finish(challengeToken, 'backup-code', backupCodes[0]!))).toBe('INVALID_TOKEN')
    expect(await domain.storage.twoFactors.countBackupCodes(principal.userId)).toBe(10)
    expect((await history(principal.userId)).map(({ success }) => success).sort()).toEqual([0, 0, 1])
  })

  it('is over after ten minutes, and with any token that was never handed out', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const { challengeToken } = await act.begin(principal.userId)
    expect(await refusal(act.finish(`${challengeToken}x`, 'backup-code', backupCodes[0]!))).toBe(
      'INVALID_TOKEN',
    )
    domain.advance(10 * MINUTE)
    expect(await refusal(act.finish(challengeToken, 'backup-code', backupCodes[0]!))).toBe('INVALID_TOKEN')
  })

  it('takes each backup code once, however it is typed, and only from its owner', async () => {
    const ada = await act.signUpWith('totp')
    const bob = await act.signUpWith('totp')
    const [code = ''] = ada.backupCodes
    const use = async (account: typeof ada, typed: string) => {
      const { challengeToken } = await act.begin(account.principal.userId)
      return refusal(act.finish(challengeToken, 'backup-code', typed))
    }
    expect(await use(bob, code)).toBe('INVALID_CODE')
    expect(await use(ada, ` ${code.toUpperCase().replace('-', ' ')} `)).toBe('done')
    expect(await use(ada, code)).toBe('INVALID_CODE')
    expect(await domain.storage.twoFactors.countBackupCodes(ada.principal.userId)).toBe(9)
  })

  it('refuses a step that was used, or is older than one that was, in any other sign-in', async () => {
    const { principal, secret } = await act.signUpWith('totp')
    domain.advance(5 * MINUTE)
    const [first, second] = [await act.begin(principal.userId), await act.begin(principal.userId)]
    expect(await refusal(act.finish(first.challengeToken, 'totp', act.totp(secret)))).toBe('done')
    for (const steps of [0, -1]) {
      const code = act.totp(secret, steps)
      expect(await refusal(act.finish(second.challengeToken, 'totp', code))).toBe('INVALID_CODE')
    }
    expect(await refusal(act.finish(second.challengeToken, 'totp', act.totp(secret, 1)))).toBe('done')
  })

  it('by the same right code at the same time, over two sign-ins or one, opens one session', async () => {
    const { principal, secret, backupCodes } = await act.signUpWith('totp')
    domain.advance(5 * MINUTE)
    const proofs: [SecondFactor, string][] = [
      ['totp', act.totp(secret)],
      ['backup-code', backupCodes[0]!],
    ]
    for (const [factor, code] of proofs) {
      const [one, two] = [await act.begin(principal.userId), await act.begin(principal.userId)]
      const before = await sessions(principal.userId)
      const tokens = [one, two, one, two].map(({ challengeToken }) => challengeToken)
      const answers = await Promise.all(tokens.map(token => refusal(act.finish(token, factor, code))))
      expect(answers.filter(answer => answer === 'done')).toHaveLength(1)
      expect(await sessions(principal.userId)).toBe(before + 1)
    }
  })

  it('by two right codes at the same time opens one session, and uses up one of them', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const { challengeToken } = await act.begin(principal.userId)
    const before = await sessions(principal.userId)
    const answers = await Promise.all(
      backupCodes.slice(0, 4).map(code => refusal(act.finish(challengeToken, 'backup-code', code))),
    )
    expect(answers.sort()).toEqual(['INVALID_TOKEN', 'INVALID_TOKEN', 'INVALID_TOKEN', 'done'])
    expect(await sessions(principal.userId)).toBe(before + 1)
    expect(await domain.storage.twoFactors.countBackupCodes(principal.userId)).toBe(9)
  })

  it('takes a mailed code in the sign-in that asked for it, once, for ten minutes', async () => {
    const { principal } = await act.signUpWith('email')
    const [one, two] = [await act.begin(principal.userId), await act.begin(principal.userId)]
    await send(one.challengeToken)
    const code = act.mailed()
    expect(await refusal(act.finish(two.challengeToken, 'email', code))).toBe('INVALID_CODE')
    expect(await refusal(act.prove(principal, 'email', code))).toBe('INVALID_CODE')
    expect(await refusal(act.finish(one.challengeToken, 'email', code))).toBe('done')
    expect(await refusal(act.finish(two.challengeToken, 'email', code))).toBe('INVALID_CODE')
  })

  it('takes no mailed code that a newer one has replaced, or that is ten minutes old', async () => {
    const { principal } = await act.signUpWith('email')
    const { challengeToken } = await act.begin(principal.userId)
    await send(challengeToken)
    const older = act.mailed()
    do {
      domain.advance(30_000)
      await send(challengeToken)
    } while (act.mailed() === older)
    expect(await refusal(act.finish(challengeToken, 'email', older))).toBe('INVALID_CODE')
    const row = (await domain.storage.twoFactors.find(principal.userId))!
    await domain.storage.twoFactors.update(principal.userId, { code_expires_at: domain.now() })
    expect(await refusal(act.finish(challengeToken, 'email', act.mailed()))).toBe('INVALID_CODE')
    await domain.storage.twoFactors.update(principal.userId, { code_expires_at: row.code_expires_at })
    expect(await refusal(act.finish(challengeToken, 'email', act.mailed()))).toBe('done')
  })

  it('takes no factor that this sign-in does not offer, and says no more than of a wrong code', async () => {
    const totp = await act.signUpWith('totp')
    const email = await act.signUpWith('email')
    const byTotp = await act.begin(totp.principal.userId)
    const byEmail = await act.begin(email.principal.userId)
    const byLink = await act.begin(email.principal.userId, 'magic-link')
    expect([byTotp.factors, byEmail.factors, byLink.factors]).toEqual([
      ['totp', 'backup-code'],
      ['email', 'backup-code'],
      ['backup-code'],
    ])
    await send(byEmail.challengeToken)
    // As if a code had been mailed for the sign-in by link after all.
    const { challengeId } = await findSecondFactorChallenge(domain.context, byLink.challengeToken)
    await domain.storage.twoFactors.update(email.principal.userId, {
      code_hash: hashMailedCode(domain.context, email.principal.userId, challengeId, act.mailed()),
      code_bound_to: challengeId,
    })
    const attempts = [
      () => act.finish(byTotp.challengeToken, 'email', act.totp(totp.secret, 1)),
      () => act.finish(byEmail.challengeToken, 'totp', act.mailed()),
      () => act.finish(byLink.challengeToken, 'email', act.mailed()),
    ]
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'INVALID_CODE',
        message: 'This code is wrong, expired or already used',
        detail: {},
      })
    }
    expect(await refusal(act.finish(byLink.challengeToken, 'backup-code', email.backupCodes[0]!))).toBe(
      'done',
    )
  })

  it('is over with everything else that waits, once the way to sign in has changed', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const { challengeToken } = await act.begin(principal.userId)
    await endOtherProofs(domain.context, domain.storage, principal.userId, undefined)
    expect(await refusal(act.finish(challengeToken, 'backup-code', backupCodes[0]!))).toBe('INVALID_TOKEN')
  })

  it('is refused to a disabled user, whose code and sign-in are not used up', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const { challengeToken } = await act.begin(principal.userId)
    await domain.storage.users.update(principal.userId, { is_active: 0 })
    expect(await refusal(act.finish(challengeToken, 'backup-code', backupCodes[0]!))).toBe('USER_NOT_ACTIVE')
    await domain.storage.users.update(principal.userId, { is_active: 1 })
    expect(await refusal(act.finish(challengeToken, 'backup-code', backupCodes[0]!))).toBe('done')
  })

  it('trusts a device for 30 days if asked to, and only then', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const signIn = async (trustDevice: boolean, code = '') => {
      const { challengeToken } = await act.begin(principal.userId)
      return (await act.finish(challengeToken, 'backup-code', code, { trustDevice })).deviceToken
    }
    const known = await signIn(false, backupCodes[0])
    const trusted = await signIn(true, backupCodes[1])
    const outcomeOn = async (deviceToken: string) =>
      (await act.passFirst(principal.userId, 'password', visitOf(undefined, deviceToken))).outcome
    expect(await outcomeOn(known)).toBe('second-factor-needed')
    expect(await outcomeOn(trusted)).toBe('signed-in')
    domain.advance(30 * 24 * 60 * MINUTE - 1)
    expect(await outcomeOn(trusted)).toBe('signed-in')
    domain.advance(1)
    expect(await outcomeOn(trusted)).toBe('second-factor-needed')
  })

  it('from a device that was seen before knows it again, and can trust it from then on', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const { userId } = principal
    const signIn = async (code: string, visit = visitOf(), trustDevice = false) => {
      const { challengeToken } = await act.begin(userId, 'password', visit)
      return (await act.finish(challengeToken, 'backup-code', code, { visit, trustDevice })).deviceToken
    }
    const token = await signIn(backupCodes[0]!)
    const visit = visitOf(undefined, token)
    expect(await signIn(backupCodes[1]!, visit, true)).toBe(token)
    expect(await domain.storage.devices.listLive(userId, domain.now())).toHaveLength(1)
    expect((await act.passFirst(userId, 'password', visit)).outcome).toBe('signed-in')
  })

  it('ends the session whose cookie came along', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const { challengeToken } = await act.begin(principal.userId)
    const visit = visitOf(principal)
    const { opened } = await act.finish(challengeToken, 'backup-code', backupCodes[0]!, { visit })
    const live = await domain.storage.sessions.listLive(principal.userId, domain.now())
    expect(live.map(({ id }) => id)).toEqual([opened.session.id])
  })

  it('counts guesses over all factors and sign-ins; a right code, and nothing less, starts the count again', async () => {
    const { principal, secret, backupCodes } = await act.signUpWith('totp')
    domain.advance(MINUTE)
    const { userId } = principal
    const guess = async (factor: SecondFactor, code: string) =>
      refusal(act.finish((await act.begin(userId)).challengeToken, factor, code))
    const wrong = act.wrongCode(secret)
    const four: SecondFactor[] = ['totp', 'backup-code', 'totp', 'backup-code']
    for (const factor of four) expect(await guess(factor, wrong)).toBe('INVALID_CODE')
    expect(await guess('backup-code', backupCodes[0]!)).toBe('done')
    for (const factor of [...four, 'totp' as const]) expect(await guess(factor, wrong)).toBe('INVALID_CODE')
    expect(await guess('totp', act.totp(secret))).toBe('RATE_LIMIT_ERROR')
    expect(await guess('backup-code', backupCodes[1]!)).toBe('RATE_LIMIT_ERROR')
    domain.advance(MINUTE - 1)
    expect(await guess('totp', act.totp(secret))).toBe('RATE_LIMIT_ERROR')
    domain.advance(1)
    expect(await guess('totp', wrong)).toBe('INVALID_CODE')
    expect(await guess('totp', act.totp(secret))).toBe('RATE_LIMIT_ERROR')
    domain.advance(2 * MINUTE)
    expect(await guess('totp', act.totp(secret))).toBe('done')
  })

  it('of a hundred guesses at once checks five at most', async () => {
    const { principal, secret } = await act.signUpWith('totp')
    const { challengeToken } = await act.begin(principal.userId)
    const wrong = act.wrongCode(secret)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        refusal(act.finish(challengeToken, n % 2 ? 'totp' : 'backup-code', wrong)),
      ),
    )
    expect(answers.filter(answer => answer === 'INVALID_CODE')).toHaveLength(5)
    expect(answers.filter(answer => answer === 'RATE_LIMIT_ERROR')).toHaveLength(95)
  })
})
