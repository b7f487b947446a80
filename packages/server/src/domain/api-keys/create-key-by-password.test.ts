import type { PermissionMap } from '@snoop/sdk/contract'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { signUp } from '../accounts/sign-up'
import { signInByPassword } from '../sign-in/sign-in-by-password'
import { sendSecondFactorCode } from '../two-factor/send-second-factor-code'
import { type TwoFactorActions, twoFactorActions, visitOf } from '../two-factor/testing/two-factor-account'
import { createKeyByPassword } from './create-key-by-password'

const PASSWORD = 'a-long-secure-passphrase'
const STEP = 30_000

describeOnEachEngine('a key by password', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  let counter = 0
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
  })

  const newAccount = async () => {
    const email = `maker-${++counter}@example.com`
    await signUp(domain.context, { email, password: PASSWORD, fullName: 'Maker', callbackUrl: undefined })
    const user = await domain.storage.users.findByEmail(email)
    return { email, userId: user?.id ?? '' }
  }
  const newGuardedAccount = async (method: 'totp' | 'email' = 'totp') => {
    const { principal, secret, backupCodes } = await act.signUpWith(method)
    const { userId } = principal
    await domain.storage.users.update(userId, { password_hash: `hash of ${PASSWORD}` })
    const email = (await domain.storage.users.find(userId))?.email ?? ''
    return { email, userId, secret, backupCode: (n: number) => backupCodes[n] ?? '' }
  }
  const turnOn = (userId: string) =>
    domain.storage.twoFactors.replace({
      user_id: userId,
      method: 'totp',
      sealed_secret: 'another',
      confirmed_at: domain.now(),
      last_used_step: 0,
      code_hash: null,
      code_bound_to: null,
      code_expires_at: null,
      created_at: domain.now(),
    })
  const make = (
    email: string,
    password = PASSWORD,
    code?: string,
    permissions: PermissionMap | null = null,
  ) =>
    createKeyByPassword(
      domain.context,
      { email, password, code, permissions, name: 'by password', expiresInSeconds: null },
      visitOf(),
    )
  const codeOf = (...given: Parameters<typeof make>) =>
    make(...given).then(
      () => 'OK',
      error => error.code as string,
    )
  const history = async (userId: string) =>
    (
      await domain.engine.db
        .selectFrom('login_events')
        .select('success')
        .where('user_id', '=', userId)
        .orderBy('id')
        .execute()
    ).map(({ success }) => success)
  const countKeys = (userId: string) => domain.storage.apiKeys.countLive(userId, domain.now(), 'sna')

  it('is one of the format sna, unpinned, with the map; its owner is told, and the history tells it', async () => {
    const { email, userId } = await newAccount()
    domain.mails.length = 0
    const map = { posts: { read: ['title'] } }
    const key = await make(email, PASSWORD, undefined, map)
    expect(key).toMatch(/^sna_[0-9A-Za-z]{46}$/)
    expect(await domain.principalOf(key)).toMatchObject({
      userId,
      format: 'sna',
      permissions: map,
      pinnedOrganizationId: null,
    })
    expect(await history(userId)).toEqual([1])
    expect(domain.mails.map(({ to }) => to)).toContain(email)
    expect(JSON.stringify([domain.mails, domain.logged])).not.toContain(key)
    expect(domain.logged).toContainEqual(
      expect.objectContaining({ event: 'api_key.created', userId, by: null }),
    )
  })

  it('is not made with a map that names what there is not', async () => {
    const { email, userId } = await newAccount()
    expect(await codeOf(email, PASSWORD, undefined, { posts: { read: ['gone'] } })).toBe('VALIDATION_ERROR')
    expect(await countKeys(userId)).toBe(0)
  })

  it('has the lock-out of signing in, whichever of the two was guessed at', async () => {
    const { email } = await newAccount()
    const signIn = (password: string) =>
      signInByPassword(domain.context, { email, password, remember: false }, visitOf()).then(
        () => 'OK',
        error => error.code as string,
      )
    for (const guess of [codeOf, signIn, codeOf, signIn, codeOf])
      expect(await (guess === signIn ? signIn('wrong') : codeOf(email, 'wrong'))).toBe('INVALID_CREDENTIALS')
    expect([await codeOf(email), await signIn(PASSWORD)]).toEqual(['RATE_LIMIT_ERROR', 'RATE_LIMIT_ERROR'])
    domain.advance(2000)
    expect(await codeOf(email)).toBe('OK')
    expect(await signIn('wrong')).toBe('INVALID_CREDENTIALS')
  })

  it('is refused to nobody with the words and the work of a wrong password', async () => {
    const { email } = await newAccount()
    const refusalOf = async (address: string) => {
      const calls = domain.hasher.calls
      const { code, message, detail } = await make(address, 'wrong').catch(error => error)
      return { code, message, detail, work: domain.hasher.calls - calls }
    }
    expect(await refusalOf('nobody@example.com')).toEqual(await refusalOf(email))
  })

  it('is refused to who is disabled, but only after the right password', async () => {
    const { email, userId } = await newAccount()
    await domain.storage.users.update(userId, { is_active: 0 })
    expect(await codeOf(email, 'wrong')).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(email)).toBe('USER_NOT_ACTIVE')
  })

  it('asks for the code where there is a second factor, after the password, and that is no guess', async () => {
    const { email, secret, userId } = await newGuardedAccount()
    domain.advance(2 * STEP)
    expect(await codeOf(email, 'wrong', act.totp(secret))).toBe('INVALID_CREDENTIALS')
    for (let n = 0; n < 10; n++) {
      await expect(make(email)).rejects.toMatchObject({
        code: 'INVALID_CREDENTIALS',
        message: expect.stringContaining('send `code` too'),
        detail: { fields: [{ field: 'code' }] },
      })
    }
    expect(await countKeys(userId)).toBe(0)
    expect(await codeOf(email, PASSWORD, act.totp(secret))).toBe('OK')
  })

  it('takes each code once', async () => {
    const { email, secret, backupCode } = await newGuardedAccount()
    domain.advance(2 * STEP)
    const code = act.totp(secret)
    const results = await Promise.all(
      [1, 2, 3].map(() => codeOf(email, PASSWORD, ` ${code.slice(0, 3)} ${code.slice(3)}`)),
    )
    expect(results.filter(result => result === 'OK')).toHaveLength(1)
    expect(await codeOf(email, PASSWORD, backupCode(0))).toBe('OK')
    expect(await codeOf(email, PASSWORD, backupCode(0))).toBe('INVALID_CREDENTIALS')
  })

  it('counts wrong codes with those of signing in, and forgets them after a right one', async () => {
    const { email, secret, userId } = await newGuardedAccount()
    domain.advance(2 * STEP)
    const wrong = act.wrongCode(secret)
    const finish = (code: string) =>
      act.finish(challengeToken, 'totp', code).catch(error => error.code as string)
    const { challengeToken } = await act.begin(userId)
    expect(await finish(wrong)).toBe('INVALID_CODE')
    for (let n = 0; n < 4; n++) expect(await codeOf(email, PASSWORD, wrong)).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(email, PASSWORD, act.totp(secret))).toBe('RATE_LIMIT_ERROR')
    expect(await finish(act.totp(secret))).toBe('RATE_LIMIT_ERROR')
    domain.advance(60_000)
    expect(await codeOf(email, PASSWORD, act.totp(secret))).toBe('OK')
    expect(await codeOf(email, PASSWORD, wrong)).toBe('INVALID_CREDENTIALS')
    await domain.context.failedSignIns.flush()
    expect((await history(userId)).filter(success => success === 0).length).toBeGreaterThan(4)
  })

  /** Asks for a key; `meanwhile` comes once all is proved, just before the key is written. */
  const makeWhile = async (
    { email, code }: { email: string; code?: string },
    meanwhile: () => Promise<unknown>,
  ) => {
    const { context } = domain
    let isProved = false
    const storage: typeof context.storage = Object.create(context.storage, {
      transaction: {
        value: async (work: Parameters<typeof context.storage.transaction>[0]) => {
          if (isProved) await meanwhile()
          return context.storage.transaction(work)
        },
      },
    })
    const randomBytes: typeof context.randomBytes = size => {
      isProved = true
      return context.randomBytes(size)
    }
    const input = { email, password: PASSWORD, code, permissions: null, name: 'x', expiresInSeconds: null }
    const refusal = await createKeyByPassword({ ...context, storage, randomBytes }, input, visitOf()).then(
      () => undefined,
      ({ code, message, detail }) => ({ code, message, detail }),
    )
    expect(isProved).toBe(true)
    return refusal
  }
  const refusalOfWrong = () =>
    make(`nobody-${++counter}@example.com`).catch(({ code, message, detail }) => ({ code, message, detail }))

  it.each<[string, (userId: string) => Promise<unknown>]>([
    ['the password was reset', id => domain.storage.users.update(id, { password_hash: 'hash of another' })],
    ['the password was taken away', id => domain.storage.users.update(id, { password_hash: '' })],
    ['a second factor was turned on', id => turnOn(id)],
    [
      'the password was reset and the account disabled',
      id => domain.storage.users.update(id, { password_hash: 'hash of another', is_active: 0 }),
    ],
    ['the account was deleted', id => domain.engine.db.deleteFrom('users').where('id', '=', id).execute()],
  ])('is refused like a wrong password if meanwhile %s', async (_what, meanwhile) => {
    const { email, userId } = await newAccount()
    domain.mails.length = 0
    const refusal = await makeWhile({ email }, () => meanwhile(userId))
    expect(refusal).toEqual(await refusalOfWrong())
    expect(await countKeys(userId)).toBe(0)
    expect(domain.mails.filter(({ subject }) => subject === 'An API key was made')).toEqual([])
  })

  it('is refused to who was disabled meanwhile', async () => {
    const { email, userId } = await newAccount()
    const disable = () => domain.storage.users.update(userId, { is_active: 0 })
    expect(await makeWhile({ email }, disable)).toMatchObject({ code: 'USER_NOT_ACTIVE' })
    expect(await countKeys(userId)).toBe(0)
  })

  it.each<[string, (userId: string) => Promise<unknown>]>([
    ['replaced by another', id => turnOn(id)],
    ['turned off', id => domain.storage.twoFactors.delete(id)],
  ])('is refused if meanwhile the second factor was %s', async (_what, meanwhile) => {
    const { email, userId, backupCode } = await newGuardedAccount()
    const refusal = await makeWhile({ email, code: backupCode(0) }, () => meanwhile(userId))
    expect(refusal).toEqual(await refusalOfWrong())
    expect(await countKeys(userId)).toBe(0)
  })

  it('is made where nothing but the strength of the hash has changed', async () => {
    const { email, userId } = await newAccount()
    await domain.storage.users.update(userId, { password_hash: `weak hash of ${PASSWORD}` })
    expect(await codeOf(email)).toBe('OK')
    expect((await domain.storage.users.find(userId))?.password_hash).toBe(`hash of ${PASSWORD}`)
  })

  it('takes no code that was mailed for a sign-in, but a backup code', async () => {
    const { email, userId, backupCode } = await newGuardedAccount('email')
    const { challengeToken } = await act.begin(userId)
    await sendSecondFactorCode(domain.context, challengeToken, visitOf())
    expect(await codeOf(email, PASSWORD, act.mailed())).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(email, PASSWORD, backupCode(0))).toBe('OK')
  })
})
