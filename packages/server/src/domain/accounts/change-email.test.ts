import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { PASSWORD_POLICY } from '../guesses/decide-guess'
import { passwordSubject, takeGuess } from '../guesses/take-guess'
import { type MailedLinks, mailedLinks, visitOf } from '../links/testing/mailed-links'
import type { SessionPrincipal } from '../principals/principal'
import { signInByMagicLink } from '../sign-in/sign-in-by-magic-link'
import { changeEmail } from './change-email'
import { verifyEmail } from './verification-mail'

describeOnEachEngine('changing the address', open => {
  let domain: TestDomain
  let links: MailedLinks
  let email: string
  let newEmail: string
  let principal: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })
  beforeEach(async () => {
    email = await links.signUpVerified()
    newEmail = `new-${email}`
    principal = await links.openSession(email)
    domain.mails.length = 0
  })
  const ask = (address = newEmail, callbackUrl?: string, who = principal) =>
    changeEmail(domain.context, who, { newEmail: address, callbackUrl })
  const token = (address = newEmail) => links.tokensTo(address).at(-1) ?? ''
  const openLink = (text = token()) => verifyEmail(domain.context, text)
  const addressOf = async ({ userId } = principal) => (await domain.storage.users.find(userId))?.email
  const invalid = expect.objectContaining({ code: 'INVALID_TOKEN' })

  it('changes nothing before the link at the new address was opened', async () => {
    await ask()
    expect(await addressOf()).toBe(email)
    expect((await links.signIn(email)).outcome).toBe('signed-in')
    await expect(links.signIn(newEmail)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  it('then counts as verified, and the old address is nothing any more', async () => {
    await ask(newEmail, '/settings')
    domain.advance(1000)
    expect(await openLink()).toEqual({
      email: newEmail,
      verifiedAt: domain.now(),
      callbackUrl: 'https://auth.example.com/settings',
    })
    expect(await links.find(newEmail)).toMatchObject({
      id: principal.userId,
      email_verified_at: domain.now(),
    })
    expect((await links.signIn(newEmail)).outcome).toBe('signed-in')
    await expect(links.signIn(email)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  it('is told to the old address twice, with the new one masked, and without a link', async () => {
    await ask()
    await openLink()
    const notices = links.mailsTo(email)
    expect(notices.map(({ subject }) => subject)).toEqual([
      'Another e-mail address was asked for',
      'Your e-mail address was changed',
    ])
    for (const { text, link } of notices) {
      expect(text).not.toContain(newEmail)
      expect(link).toBeUndefined()
    }
    expect(links.mailsTo(newEmail).map(({ subject }) => subject)).toEqual(['Confirm your new e-mail address'])
  })

  it('ends every session but the one that asked', async () => {
    const others = [await links.openSession(email), await links.openSession(email)]
    await ask()
    expect(await links.liveSessions(email)).toHaveLength(1 + others.length)
    await openLink()
    expect(await links.liveSessions(newEmail)).toEqual([principal.session.id])
  })

  it('ends every session if the one that asked has ended', async () => {
    await links.openSession(email)
    await ask()
    await domain.storage.sessions.delete(principal.userId, principal.session.id, domain.now())
    await openLink()
    expect(await links.liveSessions(newEmail)).toEqual([])
  })

  it('kills links to the old address, and leaves keys alone', async () => {
    const { key } = await domain.createKey(principal)
    const magic = await links.ask('magic-link', email)
    const unverified = await links.signUpUnverified()
    const verification = token(unverified)
    const other = await links.openSession(unverified)
    await ask()
    await openLink()
    await ask(`new-${unverified}`, undefined, other)
    await openLink(token(`new-${unverified}`))
    // Back to the old addresses, so that nothing but the change itself can have killed them.
    await domain.storage.users.update(principal.userId, { email })
    await domain.storage.users.update(other.userId, { email: unverified })
    await expect(signInByMagicLink(domain.context, magic, visitOf())).rejects.toEqual(invalid)
    await expect(openLink(verification)).rejects.toEqual(invalid)
    expect(await domain.isAccepted(key)).toBe(true)
  })

  it.each(['', ' ', 'X'])(
    'to the address that it has is refused, however it is written (%j)',
    async prefix => {
      const spelled = prefix === 'X' ? email.toUpperCase() : `${prefix}${email}`
      await expect(ask(spelled)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: 'This is your address already',
        detail: { conflictField: 'email' },
      })
      expect(domain.mails).toEqual([])
    },
  )

  it('to a taken address is the same answer, statements and number of mails, and tells its owner alone', async () => {
    const taken = await links.signUpVerified()
    domain.mails.length = 0
    domain.statements.length = 0
    const free = await ask()
    const statements = [...domain.statements]
    expect(domain.mails).toHaveLength(2)
    domain.mails.length = 0
    domain.statements.length = 0
    expect(await ask(taken)).toEqual(free)
    expect(domain.statements).toEqual(statements)
    expect(domain.mails).toHaveLength(2)
    expect(links.mailsTo(taken).map(({ subject, link }) => [subject, link])).toEqual([
      ['You already have an account', undefined],
    ])
    expect(links.mailsTo(email).map(({ subject }) => subject)).toEqual([
      'Another e-mail address was asked for',
    ])
  })

  it('to one that somebody took before the link was opened is refused, and nothing has changed', async () => {
    await ask()
    const change = token()
    await links.signUpUnverified(newEmail)
    await expect(openLink(change)).rejects.toEqual(invalid)
    expect(await addressOf()).toBe(email)
    expect(await links.liveSessions(email)).toEqual([principal.session.id])
    expect(links.mailsTo(email, /was changed/)).toEqual([])
  })

  it('of two accounts to one address: one gets it', async () => {
    const rival = await links.openSession(await links.signUpVerified())
    await ask()
    await ask(newEmail, undefined, rival)
    const tokens = links.tokensTo(newEmail)
    const results = await Promise.allSettled(tokens.map(text => openLink(text)))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const addresses = [await addressOf(), await addressOf(rival)]
    expect(addresses.filter(address => address === newEmail)).toHaveLength(1)
  })

  it('of a disabled account is refused', async () => {
    await ask()
    await domain.storage.users.update(principal.userId, { is_active: 0 })
    await expect(openLink()).rejects.toEqual(invalid)
    await expect(ask()).rejects.toMatchObject({ code: 'USER_NOT_ACTIVE' })
    expect(await addressOf()).toBe(email)
  })

  it('forgets guesses at the new address from before it was anybody’s', async () => {
    const subject = passwordSubject(domain.context, newEmail)
    for (let count = 0; count < 5; count++) await takeGuess(domain.context, subject, PASSWORD_POLICY)
    await expect(links.signIn(newEmail)).rejects.toMatchObject({ code: 'RATE_LIMIT_ERROR' })
    await ask()
    await openLink()
    expect((await links.signIn(newEmail)).outcome).toBe('signed-in')
  })

  it('leads to no foreign place', async () => {
    await expect(ask(newEmail, 'https://evil.example')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(domain.mails).toEqual([])
  })
})
