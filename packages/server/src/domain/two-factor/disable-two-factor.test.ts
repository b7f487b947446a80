import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { disableTwoFactor } from './disable-two-factor'
import { enableTwoFactor } from './enable-two-factor'
import { generateBackupCodes } from './generate-backup-codes'
import { secretIn, type TwoFactorActions, twoFactorActions, visitOf } from './testing/two-factor-account'
import { getTwoFactorStatus } from './two-factor-status'

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    error => error.code as string,
  )

describeOnEachEngine('a second factor that is on', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
  })
  const disable = (principal: SessionPrincipal) => disableTwoFactor(domain.context, actorOf(principal))

  it('is turned off with its backup codes; other sessions and waiting sign-ins end; the owner is told', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const { userId } = principal
    await act.openSession(userId)
    const { challengeToken } = await act.begin(userId)
    const opened = await disable(principal)
    expect(opened.session.id).not.toBe(principal.session.id)
    expect((await act.principalOf(opened)).userId).toBe(userId)
    const live = await domain.storage.sessions.listLive(userId, domain.now())
    expect(live.map(({ id }) => id)).toEqual([opened.session.id])
    expect(await domain.storage.twoFactors.find(userId)).toBeUndefined()
    expect(await domain.storage.twoFactors.countBackupCodes(userId)).toBe(0)
    expect((await domain.storage.users.find(userId))?.two_factor_enabled).toBe(0)
    expect((await getTwoFactorStatus(domain.context, userId)).method).toBeNull()
    expect(domain.mails.at(-1)?.subject).toBe('Two-factor authentication was turned off')
    expect(await refusal(act.finish(challengeToken, 'backup-code', backupCodes[0]!))).toBe('INVALID_TOKEN')
    expect((await act.passFirst(userId)).outcome).toBe('signed-in')
  })

  it('once off and on again asks devices that were trusted before, and takes no old backup code', async () => {
    const { principal, backupCodes } = await act.signUpWith('totp')
    const begun = await act.begin(principal.userId)
    const { deviceToken } = await act.finish(begun.challengeToken, 'backup-code', backupCodes[0]!, {
      trustDevice: true,
    })
    const onDevice = visitOf(undefined, deviceToken)
    expect((await act.passFirst(principal.userId, 'password', onDevice)).outcome).toBe('signed-in')
    const off = await act.principalOf(await disable(principal))
    const { totpUri } = await enableTwoFactor(domain.context, off, 'totp')
    await act.prove(off, 'totp', act.totp(secretIn(totpUri)))
    const again = await act.begin(principal.userId, 'password', onDevice)
    expect(await refusal(act.finish(again.challengeToken, 'backup-code', backupCodes[1]!))).toBe(
      'INVALID_CODE',
    )
  })

  it('gets new backup codes in place of the old ones, and the owner is told', async () => {
    const { principal, backupCodes } = await act.signUpWith('email')
    const made = await generateBackupCodes(domain.context, principal)
    expect(made).toHaveLength(10)
    expect(domain.mails.at(-1)?.subject).toBe('New backup codes were made')
    const { challengeToken } = await act.begin(principal.userId)
    expect(await refusal(act.finish(challengeToken, 'backup-code', backupCodes[0]!))).toBe('INVALID_CODE')
    expect(await refusal(act.finish(challengeToken, 'backup-code', made[0]!))).toBe('done')
    expect((await getTwoFactorStatus(domain.context, principal.userId)).backupCodesLeft).toBe(9)
  })

  it('is what turning off and new backup codes need: without a confirmed one there is nothing to change', async () => {
    const principal = await act.signUp()
    const mails = domain.mails.length
    for (const setUp of [async () => {}, () => enableTwoFactor(domain.context, principal, 'totp')]) {
      await setUp()
      expect(await refusal(disable(principal))).toBe('CONFLICT')
      expect(await refusal(generateBackupCodes(domain.context, principal))).toBe('CONFLICT')
    }
    expect(domain.mails).toHaveLength(mails)
    expect(await domain.storage.twoFactors.countBackupCodes(principal.userId)).toBe(10)
  })

  it('stays on if the session that turns it off has ended meanwhile', async () => {
    const { principal } = await act.signUpWith('totp')
    await domain.storage.sessions.deleteAll(principal.userId, domain.now())
    expect(await refusal(disable(principal))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect((await getTwoFactorStatus(domain.context, principal.userId)).method).toBe('totp')
    expect(await domain.storage.twoFactors.countBackupCodes(principal.userId)).toBe(10)
  })
})
