import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type MailedLinks, mailedLinks, PASSWORD } from '../links/testing/mailed-links'
import type { SessionPrincipal } from '../principals/principal'
import { resolveSession } from '../principals/resolve-session'
import { changePassword } from './change-password'

const NEW_PASSWORD = 'another-long-passphrase'

describeOnEachEngine('changing a password', open => {
  let domain: TestDomain
  let links: MailedLinks
  let email: string
  let principal: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })
  beforeEach(async () => {
    email = await links.signUpVerified()
    principal = await links.openSession(email)
  })
  const change = (
    currentPassword: string | undefined = PASSWORD,
    newPassword = NEW_PASSWORD,
    who = principal,
  ) => changePassword(domain.context, who, { currentPassword, newPassword })
  const storedHash = async () => (await links.find(email)).password_hash

  it('lets in with the new password, and with the old one no more', async () => {
    await change()
    expect((await links.signIn(email, NEW_PASSWORD)).outcome).toBe('signed-in')
    await expect(links.signIn(email)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  it('ends every other session; this one goes on, under another id and secret, and fresh', async () => {
    const others = [await links.openSession(email), await links.openSession(email)]
    domain.advance(60_000)
    const { opened, revokedCount } = await change()
    expect(revokedCount).toBe(others.length)
    expect(await links.liveSessions(email)).toEqual([opened.session.id])
    expect(opened.session.id).not.toBe(principal.session.id)
    expect(opened.session.token_hash).not.toBe(principal.session.token_hash)
    expect(opened.session.authenticated_at).toBe(domain.now())
    expect(await resolveSession(domain.context, opened.token)).toMatchObject({ userId: principal.userId })
  })

  it('lets API keys live, and is told by mail', async () => {
    const { key } = await domain.createKey(principal)
    await change()
    expect(await domain.isAccepted(key)).toBe(true)
    expect(links.mailsTo(email, /password was changed/)).toHaveLength(1)
  })

  it('asks for the current password where there is one', async () => {
    await expect(
      changePassword(domain.context, principal, { newPassword: NEW_PASSWORD }),
    ).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      detail: { fields: [{ field: 'currentPassword', error: 'Required' }] },
    })
    await expect(change('')).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
    await expect(change('wrong password')).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: 'The current password is wrong',
    })
    expect(await storedHash()).toBe(`hash of ${PASSWORD}`)
  })

  it('counts wrong guesses, slows them down, and tells nobody else of it', async () => {
    for (let count = 0; count < 5; count++) {
      await expect(change('wrong password')).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
    }
    const calls = domain.hasher.calls
    const refused = { code: 'RATE_LIMIT_ERROR', detail: { retryAfterSeconds: 2 } }
    await expect(change('wrong password')).rejects.toMatchObject(refused)
    await expect(change()).rejects.toMatchObject(refused)
    expect(domain.hasher.calls).toBe(calls)
    expect((await links.signIn(email)).outcome).toBe('signed-in')
    domain.advance(2000)
    await change()
    expect(await storedHash()).toBe(`hash of ${NEW_PASSWORD}`)
  })

  it('guesses made at once are no more than those made one by one', async () => {
    const calls = domain.hasher.calls
    await Promise.allSettled(Array.from({ length: 50 }, () => change('wrong password')))
    expect(domain.hasher.calls - calls).toBe(5)
  })

  it.each([
    ['the same', PASSWORD],
    ['a common one', 'password123'],
  ])('to %s is refused', async (_what, newPassword) => {
    await expect(change(PASSWORD, newPassword)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      detail: { fields: [{ field: 'newPassword' }] },
    })
  })

  it('tells whoever does not know the current password nothing about it', async () => {
    await expect(change('wrong password', 'wrong password')).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
    })
    await expect(change('wrong password', PASSWORD)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  it('gives a first password to an account without one, asking for none', async () => {
    await domain.storage.users.update(principal.userId, { password_hash: '' })
    await changePassword(domain.context, principal, { newPassword: NEW_PASSWORD })
    expect((await links.signIn(email, NEW_PASSWORD)).outcome).toBe('signed-in')
  })

  it('many times at once, from one session or two, counts once', async () => {
    const other = await links.openSession(email)
    const changes = [principal, other, principal, other].map((who, index) =>
      change(PASSWORD, `${NEW_PASSWORD} ${index}`, who),
    )
    const results = await Promise.allSettled(changes)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await links.liveSessions(email)).toHaveLength(1)
    expect(links.mailsTo(email, /password was changed/)).toHaveLength(1)
  })

  it('does not undo one that came first while the hash was worked out', async () => {
    const { passwords } = domain.context
    const hash = async (password: string) => {
      await domain.storage.users.update(principal.userId, { password_hash: 'set by another change' })
      return passwords.hash(password)
    }
    const context = { ...domain.context, passwords: { ...passwords, hash } }
    await expect(
      changePassword(context, principal, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
    ).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
    expect(await storedHash()).toBe('set by another change')
  })

  it('of a session that has ended meanwhile is refused, and changes nothing', async () => {
    await domain.storage.sessions.delete(principal.userId, principal.session.id, domain.now())
    await expect(change()).rejects.toMatchObject({ code: 'INVALID_OR_EXPIRED_TOKEN' })
    expect(await storedHash()).toBe(`hash of ${PASSWORD}`)
  })

  it('of a disabled account is refused', async () => {
    await domain.storage.users.update(principal.userId, { is_active: 0 })
    await expect(change()).rejects.toMatchObject({ code: 'USER_NOT_ACTIVE' })
  })
})
