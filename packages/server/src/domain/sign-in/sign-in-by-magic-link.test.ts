import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type MailedLinks, mailedLinks, PASSWORD, visitOf } from '../links/testing/mailed-links'
import { resolveSession } from '../principals/resolve-session'
import { twoFactorActions } from '../two-factor/testing/two-factor-account'
import { signInByMagicLink } from './sign-in-by-magic-link'
import type { Visit } from './visit'

describeOnEachEngine('a magic link', open => {
  let domain: TestDomain
  let links: MailedLinks
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })
  const signIn = (token: string, visit: Partial<Visit> = {}) =>
    signInByMagicLink(domain.context, token, visitOf(visit))

  it('signs in, and says where to go', async () => {
    const email = await links.signUpVerified()
    const { outcome, callbackUrl } = await signIn(await links.ask('magic-link', email, { callbackUrl: '/x' }))
    expect(callbackUrl).toBe('https://auth.example.com/x')
    if (outcome.outcome !== 'signed-in') throw new Error('a second factor was asked for')
    const { id } = await links.find(email)
    expect(await resolveSession(domain.context, outcome.opened.token)).toMatchObject({
      userId: id,
      isFresh: true,
    })
    const history = await domain.storage.loginEvents.listAll(id)
    expect(history).toMatchObject([{ method: 'magic-link', success: 1 }])
  })

  it.each([true, false])('remembers what was asked for: remember %s', async remember => {
    const token = await links.ask('magic-link', await links.signUpVerified(), { remember })
    const { outcome } = await signIn(token)
    expect(outcome).toMatchObject({ opened: { session: { remember: remember ? 1 : 0 } } })
  })

  it('leaves password, sessions and keys of a verified account as they are', async () => {
    const email = await links.signUpVerified()
    const principal = await links.openSession(email)
    const { key } = await domain.createKey(principal)
    await signIn(await links.ask('magic-link', email))
    expect(await links.liveSessions(email)).toContain(principal.session.id)
    expect(await domain.isAccepted(key)).toBe(true)
    expect((await links.signIn(email, PASSWORD)).outcome).toBe('signed-in')
  })

  it('ends the session whose cookie came along', async () => {
    const email = await links.signUpVerified()
    const session = await links.openSession(await links.signUpVerified())
    await signIn(await links.ask('magic-link', email), { session })
    const left = await domain.storage.sessions.listLive(session.userId, domain.now())
    expect(left).toEqual([])
  })

  it('of a disabled account is refused', async () => {
    const email = await links.signUpVerified()
    const token = await links.ask('magic-link', email)
    await domain.storage.users.update((await links.find(email)).id, { is_active: 0 })
    await expect(signIn(token)).rejects.toMatchObject({ code: 'USER_NOT_ACTIVE' })
    expect(await links.liveSessions(email)).toEqual([])
  })

  it('lets in whom guesses by others have locked out, and ends the lock', async () => {
    const email = await links.signUpVerified()
    for (let count = 0; count < 5; count++) {
      await expect(links.signIn(email, 'wrong')).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
    }
    await expect(links.signIn(email)).rejects.toMatchObject({ code: 'RATE_LIMIT_ERROR' })
    await signIn(await links.ask('magic-link', email))
    expect((await links.signIn(email)).outcome).toBe('signed-in')
  })

  it('does not stand in for the second factor', async () => {
    const { principal } = await twoFactorActions(domain).signUpWith('totp')
    const user = await domain.storage.users.find(principal.userId)
    const { outcome } = await signIn(await links.ask('magic-link', user?.email ?? ''))
    expect(outcome).toMatchObject({ outcome: 'second-factor-needed', factors: ['totp', 'backup-code'] })
  })

  it('asks for no code by mail as the second factor: both would be the same mailbox', async () => {
    const { principal } = await twoFactorActions(domain).signUpWith('email')
    const user = await domain.storage.users.find(principal.userId)
    const { outcome } = await signIn(await links.ask('magic-link', user?.email ?? ''))
    expect(outcome).toMatchObject({ outcome: 'second-factor-needed', factors: ['backup-code'] })
  })
})
