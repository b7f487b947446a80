import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { enableTwoFactor, type TwoFactorMethod } from './enable-two-factor'
import { secretIn, type TwoFactorActions, twoFactorActions } from './testing/two-factor-account'
import { openTotpSecret } from './totp-secret'
import { getTwoFactorStatus } from './two-factor-status'

const OFF = { method: null, enabledAt: null, backupCodesLeft: 0 }
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    error => error.code as string,
  )

describeOnEachEngine('setting up a second factor', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
  })
  const enable = (principal: SessionPrincipal, method: TwoFactorMethod) =>
    enableTwoFactor(domain.context, principal, method)

  it('shows secret and backup codes, keeps neither readable, and changes nothing yet', async () => {
    const principal = await act.signUp()
    const { totpUri, backupCodes } = await enable(principal, 'totp')
    const row = await domain.storage.twoFactors.find(principal.userId)
    expect(row?.sealed_secret).toMatch(/^v1\./)
    expect(JSON.stringify(row)).not.toContain(secretIn(totpUri))
    expect(backupCodes).toHaveLength(10)
    expect(await domain.storage.twoFactors.countBackupCodes(principal.userId)).toBe(10)
    expect(await getTwoFactorStatus(domain.context, principal.userId)).toEqual(OFF)
    expect((await domain.storage.users.find(principal.userId))?.two_factor_enabled).toBe(0)
    expect((await act.passFirst(principal.userId)).outcome).toBe('signed-in')
  })

  it('seals the secret for its user: in the row of another one it does not open', async () => {
    const [ada, bob] = [await act.signUp(), await act.signUp()]
    const { totpUri } = await enable(ada, 'totp')
    const row = (await domain.storage.twoFactors.find(ada.userId))!
    expect(openTotpSecret(domain.context, row)).toBe(secretIn(totpUri))
    expect(() => openTotpSecret(domain.context, { ...row, user_id: bob.userId })).toThrow()
  })

  it('goes on from the start until a first code was seen; the secret and codes before are dead', async () => {
    const principal = await act.signUp()
    const first = await enable(principal, 'totp')
    const second = await enable(principal, 'totp')
    expect(await refusal(act.prove(principal, 'totp', act.totp(secretIn(first.totpUri))))).toBe(
      'INVALID_CODE',
    )
    await act.prove(principal, 'totp', act.totp(secretIn(second.totpUri)))
    const { challengeToken } = await act.begin(principal.userId)
    expect(await refusal(act.finish(challengeToken, 'backup-code', first.backupCodes[0]!))).toBe(
      'INVALID_CODE',
    )
    expect(await refusal(act.finish(challengeToken, 'backup-code', second.backupCodes[0]!))).toBe('done')
  })

  it('ten times at once leaves one of them, whole', async () => {
    const principal = await act.signUp()
    const shown = await Promise.all(Array.from({ length: 10 }, () => enable(principal, 'totp')))
    const row = (await domain.storage.twoFactors.find(principal.userId))!
    const kept = shown.find(({ totpUri }) => secretIn(totpUri) === openTotpSecret(domain.context, row))!
    await act.prove(principal, 'totp', act.totp(secretIn(kept.totpUri)))
    const { challengeToken } = await act.begin(principal.userId)
    expect(await refusal(act.finish(challengeToken, 'backup-code', kept.backupCodes[9]!))).toBe('done')
    expect(await domain.storage.twoFactors.countBackupCodes(principal.userId)).toBe(9)
  })

  it.each(['totp', 'email'] as const)(
    'is refused where one by %s is on, which stays as it is',
    async method => {
      const { principal } = await act.signUpWith(method)
      const before = await domain.storage.twoFactors.find(principal.userId)
      for (const other of ['totp', 'email'] as const)
        expect(await refusal(enable(principal, other))).toBe('CONFLICT')
      expect(await domain.storage.twoFactors.find(principal.userId)).toEqual(before)
      expect(await domain.storage.twoFactors.countBackupCodes(principal.userId)).toBe(10)
    },
  )

  it.each(['totp', 'email'] as const)(
    'by %s needs a verified address: a stranger must not shut its owner out for good',
    async method => {
      expect(await refusal(enable(await domain.signUp(), method))).toBe('EMAIL_NOT_VERIFIED')
    },
  )

  it('by mail sends a first code that counts for this session alone', async () => {
    const principal = await act.signUp()
    const elsewhere = await act.openSession(principal.userId)
    expect(await enable(principal, 'email')).toMatchObject({ method: 'email', totpUri: null })
    const row = await domain.storage.twoFactors.find(principal.userId)
    expect(row?.code_hash).toMatch(/^[\w-]{43}$/)
    expect(row?.code_hash).not.toContain(act.mailed())
    expect(await refusal(act.prove(elsewhere, 'email', act.mailed()))).toBe('INVALID_CODE')
    expect(await refusal(act.prove(principal, 'email', act.mailed()))).toBe('done')
    expect((await getTwoFactorStatus(domain.context, principal.userId)).method).toBe('email')
  })

  it('again and again sends one mail in 30 seconds, also by way of the other method', async () => {
    const principal = await act.signUp()
    await enable(principal, 'email')
    const mails = act.codeMails().length
    const hash = (await domain.storage.twoFactors.find(principal.userId))?.code_hash
    domain.advance(29_999)
    await expect(enable(principal, 'email')).rejects.toMatchObject({
      code: 'RATE_LIMIT_ERROR',
      detail: { retryAfterSeconds: 1 },
    })
    expect((await domain.storage.twoFactors.find(principal.userId))?.code_hash).toBe(hash)
    await enable(principal, 'totp')
    expect(await refusal(enable(principal, 'email'))).toBe('RATE_LIMIT_ERROR')
    expect(act.codeMails()).toHaveLength(mails)
    domain.advance(1)
    await enable(principal, 'email')
    expect(act.codeMails()).toHaveLength(mails + 1)
  })

  it('is refused to a disabled user, whose session was read before', async () => {
    const principal = await act.signUp()
    await domain.storage.users.update(principal.userId, { is_active: 0 })
    expect(await refusal(enable(principal, 'totp'))).toBe('USER_NOT_ACTIVE')
    expect(await domain.storage.twoFactors.find(principal.userId)).toBeUndefined()
  })
})
