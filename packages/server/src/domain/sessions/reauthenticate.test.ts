import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type MailedLinks, mailedLinks, PASSWORD } from '../links/testing/mailed-links'
import type { SessionPrincipal } from '../principals/principal'
import { resolveSession } from '../principals/resolve-session'
import { reauthenticate } from './reauthenticate'

const MINUTE = 60_000

describeOnEachEngine('proving again by password', open => {
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
  const prove = (password = PASSWORD) => reauthenticate(domain.context, principal, password)
  const wrong = { code: 'INVALID_CREDENTIALS', message: 'The current password is wrong' }

  it('makes the session fresh for a quarter of an hour, under another id and secret', async () => {
    domain.advance(15 * MINUTE)
    const { token, session } = await prove()
    expect(session.id).not.toBe(principal.session.id)
    expect(session.token_hash).not.toBe(principal.session.token_hash)
    expect(await links.liveSessions(email)).toEqual([session.id])
    expect((await resolveSession(domain.context, token)).isFresh).toBe(true)
    domain.advance(15 * MINUTE - 1)
    expect((await resolveSession(domain.context, token)).isFresh).toBe(true)
    domain.advance(1)
    expect((await resolveSession(domain.context, token)).isFresh).toBe(false)
  })

  it('leaves other sessions alone', async () => {
    const other = await links.openSession(email)
    await prove()
    expect(await links.liveSessions(email)).toContain(other.session.id)
  })

  it('with a wrong password is refused, and changes nothing', async () => {
    await expect(prove('wrong password')).rejects.toMatchObject(wrong)
    expect(await links.liveSessions(email)).toEqual([principal.session.id])
  })

  it('is refused for an account without a password, after the same work', async () => {
    const calls = domain.hasher.calls
    await expect(prove('wrong password')).rejects.toMatchObject(wrong)
    await domain.storage.users.update(principal.userId, { password_hash: '' })
    await expect(prove('')).rejects.toMatchObject(wrong)
    expect(domain.hasher.calls - calls).toBe(2)
  })

  it('forgets wrong guesses once one is right, and has a count of its own', async () => {
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 4; count++) await expect(prove('wrong')).rejects.toMatchObject(wrong)
      principal = await resolveSession(domain.context, (await prove()).token)
    }
    for (let count = 0; count < 5; count++) await expect(prove('wrong')).rejects.toMatchObject(wrong)
    await expect(prove()).rejects.toMatchObject({ code: 'RATE_LIMIT_ERROR' })
    expect((await links.signIn(email)).outcome).toBe('signed-in')
  })

  it('with a password that was changed while it was compared is refused', async () => {
    const { passwords } = domain.context
    const verify = async (hash: string | undefined, password: string) => {
      await domain.storage.users.update(principal.userId, { password_hash: 'changed' })
      return passwords.verify(hash, password)
    }
    const context = { ...domain.context, passwords: { ...passwords, verify } }
    await expect(reauthenticate(context, principal, PASSWORD)).rejects.toMatchObject(wrong)
  })

  it('many times at once opens one session', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => prove()))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await links.liveSessions(email)).toHaveLength(1)
  })
})
