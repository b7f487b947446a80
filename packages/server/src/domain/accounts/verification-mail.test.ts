import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type MailedLinks, mailedLinks, PASSWORD } from '../links/testing/mailed-links'
import { signUp } from './sign-up'
import { verifyEmail } from './verification-mail'

const HOUR = 3600_000
let counter = 0

describeOnEachEngine('a verification link', open => {
  let domain: TestDomain
  let links: MailedLinks
  let email: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })
  beforeEach(async () => {
    email = `someone-${++counter}@example.com`
    const account = { email, password: PASSWORD, fullName: 'Ada', callbackUrl: '/welcome' }
    await signUp(domain.context, account)
  })
  const token = () => links.tokensTo(email).at(-1) ?? ''
  const verify = (text: string) => verifyEmail(domain.context, text)
  const resend = (address = email, callbackUrl?: string) =>
    links.ask('verify-email', address, { callbackUrl })
  const user = () => links.find(email)
  const invalid = expect.objectContaining({ code: 'INVALID_TOKEN' })

  it('verifies the address, once', async () => {
    domain.advance(HOUR)
    expect(await verify(token())).toEqual({
      email,
      verifiedAt: domain.now(),
      callbackUrl: 'https://auth.example.com/welcome',
    })
    expect((await user()).email_verified_at).toBe(domain.now())
    await expect(verify(token())).rejects.toEqual(invalid)
  })

  it('leaves password and sessions of who signed up and verified as they are', async () => {
    const { credentialId } = await links.openSession(email)
    await verify(token())
    expect(await links.liveSessions(email)).toEqual([credentialId])
    expect((await links.signIn(email)).outcome).toBe('signed-in')
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

  it('is refused when the account has another address by now', async () => {
    const { id } = await user()
    await domain.storage.users.update(id, { email: `new-${email}` })
    await expect(verify(token())).rejects.toEqual(invalid)
    await domain.storage.users.update(id, { email })
    expect(await verify(token())).toMatchObject({ email })
  })

  it('is not sent to who is verified, disabled or unknown, and nobody is told', async () => {
    await verify(token())
    const disabled = await links.signUpUnverified()
    await domain.storage.users.update((await links.find(disabled)).id, { is_active: 0 })
    const sent = domain.mails.length
    for (const address of [email, disabled, 'nobody@example.com']) expect(await resend(address)).toBe('')
    expect(domain.mails.length).toBe(sent)
  })

  it('leads to the trusted place that was asked for', async () => {
    await resend(email, 'https://app.example.com/done')
    expect(await verify(token())).toMatchObject({ callbackUrl: 'https://app.example.com/done' })
  })
})
