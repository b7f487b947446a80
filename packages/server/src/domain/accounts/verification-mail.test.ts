import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { signUp } from './sign-up'
import { resendVerificationMail, verifyEmail } from './verification-mail'

const HOUR = 3600_000
let counter = 0

describeOnEachEngine('a verification link', open => {
  let domain: TestDomain
  let email: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    email = `someone-${++counter}@example.com`
    const account = { email, password: 'a-long-secure-passphrase', fullName: 'Ada', callbackUrl: '/welcome' }
    await signUp(domain.context, account)
  })
  const tokensTo = (address: string) =>
    domain.mails.flatMap(({ to, link }) =>
      to === address && link ? [new URL(link).searchParams.get('token') ?? ''] : [],
    )
  const token = () => tokensTo(email).at(-1) ?? ''
  const verify = (text: string) => verifyEmail(domain.context, text)
  const resend = (address = email, callbackUrl?: string) =>
    resendVerificationMail(domain.context, { email: address, callbackUrl })
  const user = async () => domain.storage.users.findByEmail(email)
  const invalid = expect.objectContaining({ code: 'INVALID_TOKEN' })

  it('verifies the address, once', async () => {
    domain.advance(HOUR)
    expect(await verify(token())).toMatchObject({
      email,
      verifiedAt: domain.now(),
      callbackUrl: 'https://auth.example.com/welcome',
    })
    expect((await user())?.email_verified_at).toBe(domain.now())
    await expect(verify(token())).rejects.toEqual(invalid)
  })

  it('opened many times at once counts once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => verify(token())))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(invalid)
  })

  it('is good for 24 hours, to the millisecond', async () => {
    const late = token()
    domain.advance(24 * HOUR)
    await expect(verify(late)).rejects.toEqual(invalid)
    await resend()
    domain.advance(24 * HOUR - 1)
    expect(await verify(token())).toMatchObject({ email })
  })

  it('is dead once another was sent', async () => {
    const first = token()
    await resend()
    expect(token()).not.toBe(first)
    await expect(verify(first)).rejects.toEqual(invalid)
    expect(await verify(token())).toMatchObject({ email })
  })

  it('is the only live one, however many were asked for at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => resend()))
    expect(tokensTo(email)).toHaveLength(11)
    const results = await Promise.allSettled(tokensTo(email).map(verify))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each(['', 'x', 'a'.repeat(43), '../..', '%00'])('that is forged as %j is refused', async text => {
    await expect(verify(text)).rejects.toEqual(invalid)
  })

  it('is refused when the account has another address by now', async () => {
    const account = await user()
    await domain.storage.users.update(account?.id ?? '', { email: `new-${email}` })
    await expect(verify(token())).rejects.toEqual(invalid)
    await domain.storage.users.update(account?.id ?? '', { email })
    expect(await verify(token())).toMatchObject({ email })
  })

  it('is not sent to who is verified, disabled or unknown, and nobody is told', async () => {
    await verify(token())
    const disabled = `disabled-${email}`
    const account = {
      email: disabled,
      password: 'a-long-secure-passphrase',
      fullName: 'D',
      callbackUrl: undefined,
    }
    await signUp(domain.context, account)
    const { id = '' } = (await domain.storage.users.findByEmail(disabled)) ?? {}
    await domain.storage.users.update(id, { is_active: 0 })
    const sent = domain.mails.length
    for (const address of [email, disabled, 'nobody@example.com'])
      expect(await resend(address)).toBeUndefined()
    expect(domain.mails.length).toBe(sent)
  })

  it('leads to no foreign place, whoever asks for it', async () => {
    for (const address of [email, 'nobody@example.com']) {
      await expect(resend(address, 'https://evil.example')).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      })
    }
    await resend(email, 'https://app.example.com/done')
    expect(await verify(token())).toMatchObject({ callbackUrl: 'https://app.example.com/done' })
  })
})
