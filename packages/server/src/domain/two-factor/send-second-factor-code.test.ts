import { randomBytes } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { enableTwoFactor } from './enable-two-factor'
import { sendSecondFactorCode } from './send-second-factor-code'
import { type TwoFactorActions, twoFactorActions, visitOf } from './testing/two-factor-account'

const MINUTE = 60_000
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    error => error.code as string,
  )

describeOnEachEngine('a code by mail', open => {
  let domain: TestDomain
  let act: TwoFactorActions
  beforeAll(async () => {
    domain = createTestDomain(await open())
    act = twoFactorActions(domain)
  })
  const send = (challengeToken: string | undefined, visit = visitOf()) =>
    sendSecondFactorCode(domain.context, challengeToken, visit)

  it('goes to the address of the account, counts for ten minutes, and is kept as an HMAC', async () => {
    const { principal } = await act.signUpWith('email')
    const { challengeToken } = await act.begin(principal.userId)
    expect(await send(challengeToken)).toBe(domain.now() + 10 * MINUTE)
    expect(domain.mails.at(-1)).toMatchObject({
      to: `${principal.userId}@example.com`.toLowerCase(),
      subject: 'Your security code',
      text: expect.stringContaining('within 10 minutes'),
    })
    expect(act.mailed()).toMatch(/^\d{6}$/)
    const row = await domain.storage.twoFactors.find(principal.userId)
    expect(row?.code_hash).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(Object.values(row ?? {}))).not.toContain(act.mailed())
    expect(JSON.stringify(domain.logged)).not.toContain(act.mailed())
  })

  it('is asked for at most once in 30 seconds for one account, whichever sign-in asks', async () => {
    const { principal } = await act.signUpWith('email')
    const [one, two] = [await act.begin(principal.userId), await act.begin(principal.userId)]
    const mails = act.codeMails().length
    const tokens = Array.from({ length: 10 }, (_, n) => (n % 2 ? one : two).challengeToken)
    const answers = await Promise.all(tokens.map(token => refusal(send(token))))
    expect(answers.filter(answer => answer === 'done')).toHaveLength(1)
    expect(act.codeMails()).toHaveLength(mails + 1)
    domain.advance(20_000)
    await expect(send(one.challengeToken)).rejects.toMatchObject({
      code: 'RATE_LIMIT_ERROR',
      detail: { retryAfterSeconds: 10 },
    })
    domain.advance(10_000)
    expect(await refusal(send(one.challengeToken))).toBe('done')
    expect(act.codeMails()).toHaveLength(mails + 2)
  })

  it('is never the way around an authenticator app, nor a second proof of the same mailbox', async () => {
    const totp = await act.signUpWith('totp')
    const email = await act.signUpWith('email')
    const byTotp = await act.begin(totp.principal.userId)
    const byLink = await act.begin(email.principal.userId, 'magic-link')
    const mails = act.codeMails().length
    expect(await refusal(send(byTotp.challengeToken))).toBe('INVALID_TOKEN')
    expect(await refusal(send(byLink.challengeToken))).toBe('INVALID_TOKEN')
    expect(await refusal(send('never handed out'))).toBe('INVALID_TOKEN')
    expect(await refusal(send(undefined, visitOf(totp.principal)))).toBe('CONFLICT')
    expect(await refusal(send(undefined, visitOf(email.principal)))).toBe('CONFLICT')
    expect(await refusal(send(undefined, visitOf(await act.signUp())))).toBe('CONFLICT')
    const settingUp = await act.signUp()
    await enableTwoFactor(domain.context, settingUp, 'totp')
    expect(await refusal(send(undefined, visitOf(settingUp)))).toBe('CONFLICT')
    expect(await refusal(send(undefined))).toBe('AUTHENTICATION_REQUIRED')
    expect(act.codeMails()).toHaveLength(mails)
  })

  it('can be asked for again by the session that sets it up', async () => {
    const principal = await act.signUp()
    await enableTwoFactor(domain.context, principal, 'email')
    domain.advance(11 * MINUTE)
    expect(await refusal(act.prove(principal, 'email', act.mailed()))).toBe('INVALID_CODE')
    await send(undefined, visitOf(principal))
    expect(await refusal(act.prove(principal, 'email', act.mailed()))).toBe('done')
  })

  it('is sent to no disabled user', async () => {
    const { principal } = await act.signUpWith('email')
    const { challengeToken } = await act.begin(principal.userId)
    await domain.storage.users.update(principal.userId, { is_active: 0 })
    expect(await refusal(send(challengeToken))).toBe('USER_NOT_ACTIVE')
  })

  it.each([
    ['the smallest', ['00000000'], '000000'],
    ['one with zeros in front', ['00000007'], '000007'],
    ['the largest that is even', ['fff13d7f', '00000000'], '999999'],
    ['those after it, which would make some codes likelier', ['ffffffff', 'fff13d80', '0000002a'], '000042'],
  ])('is made of a random number: %s', async (_which, numbers, code) => {
    const { principal } = await act.signUpWith('email')
    const { challengeToken } = await act.begin(principal.userId)
    const left = [...numbers]
    const context = {
      ...domain.context,
      randomBytes: (size: number) =>
        size === 4 ? Buffer.from(left.shift() ?? '', 'hex') : randomBytes(size),
    }
    await sendSecondFactorCode(context, challengeToken, visitOf())
    expect(act.mailed()).toBe(code)
  })
})
