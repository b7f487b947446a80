import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { isTrusted } from '../devices/known-device'
import { PASSWORD_POLICY } from '../guesses/decide-guess'
import {
  devicePasswordSubject,
  type GuessSubject,
  passwordSubject,
  sessionPasswordSubject,
  takeGuess,
} from '../guesses/take-guess'
import { type MailedLinks, mailedLinks, PASSWORD } from '../links/testing/mailed-links'
import { twoFactorActions } from '../two-factor/testing/two-factor-account'
import { openPasswordResetLink, resetPassword } from './reset-password'

const NEW_PASSWORD = 'another-long-passphrase'

describeOnEachEngine('resetting a password', open => {
  let domain: TestDomain
  let links: MailedLinks
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })
  const ask = (email: string, callbackUrl?: string) => links.ask('reset-password', email, { callbackUrl })
  const reset = (token: string, newPassword = NEW_PASSWORD) =>
    resetPassword(domain.context, token, newPassword)
  const invalid = expect.objectContaining({ code: 'INVALID_TOKEN' })

  it('lets in with the new password, and with the old one no more', async () => {
    const email = await links.signUpVerified()
    await reset(await ask(email))
    expect((await links.signIn(email, NEW_PASSWORD)).outcome).toBe('signed-in')
    await expect(links.signIn(email, PASSWORD)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  it('ends every session, and lets API keys live', async () => {
    const email = await links.signUpVerified()
    const principal = await links.openSession(email)
    await links.openSession(email)
    const { key } = await domain.createKey(principal)
    await reset(await ask(email))
    expect(await links.liveSessions(email)).toEqual([])
    expect(await domain.isAccepted(key)).toBe(true)
  })

  it('is told by mail, with the number of live keys', async () => {
    const email = await links.signUpVerified()
    const principal = await links.openSession(email)
    await domain.createKey(principal)
    await domain.createKey(principal)
    await reset(await ask(email))
    const notices = links.mailsTo(email, /was reset/)
    expect(notices).toHaveLength(1)
    expect(notices[0]?.text).toContain('2 API keys keep working')
  })

  it('takes a trusted device its trust', async () => {
    const email = await links.signUpVerified()
    await links.signIn(email)
    const { id } = await links.find(email)
    const [device] = await domain.storage.devices.listLive(id, domain.now())
    await domain.storage.devices.update(device?.id ?? '', { trusted_until: domain.now() + 1000 })
    await reset(await ask(email))
    const [after] = await domain.storage.devices.listLive(id, domain.now())
    expect([after?.id, isTrusted(after, domain.now())]).toEqual([device?.id, false])
  })

  it('forgets every guess at the password, so that nobody stays locked out', async () => {
    const email = await links.signUpVerified()
    await links.signIn(email)
    const { id } = await links.find(email)
    const [device] = await domain.storage.devices.listLive(id, domain.now())
    const subjects: GuessSubject[] = [
      passwordSubject(domain.context, email),
      sessionPasswordSubject(domain.context, id),
      devicePasswordSubject(domain.context, device?.id ?? ''),
    ]
    const blocked = { attempts: PASSWORD_POLICY.last, blocked_until: 0, updated_at: domain.now() }
    for (const subject of subjects) {
      await domain.storage.transaction(stores => stores.guessCounters.lock(subject, domain.now()))
      await domain.storage.guessCounters.update(subject, blocked)
      await expect(takeGuess(domain.context, subject, PASSWORD_POLICY)).rejects.toMatchObject({
        code: 'RATE_LIMIT_ERROR',
      })
    }
    await reset(await ask(email))
    for (const subject of subjects) await takeGuess(domain.context, subject, PASSWORD_POLICY)
  })

  it.each(['password123', 'TRUSTNO1', 'iloveyou'])('refuses %s, and the link stays good', async common => {
    const token = await ask(await links.signUpVerified())
    await expect(reset(token, common)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      detail: { fields: [{ field: 'newPassword' }] },
    })
    await reset(token)
  })

  it('hashes nothing for a token that is none', async () => {
    const calls = domain.hasher.calls
    await expect(reset('a'.repeat(43))).rejects.toEqual(invalid)
    expect(domain.hasher.calls).toBe(calls)
  })

  it('of a disabled account is refused', async () => {
    const email = await links.signUpVerified()
    const token = await ask(email)
    await domain.storage.users.update((await links.find(email)).id, { is_active: 0 })
    await expect(reset(token)).rejects.toEqual(invalid)
    expect((await links.find(email)).password_hash).toBe(`hash of ${PASSWORD}`)
  })

  it('gives a password to an account that had none', async () => {
    const email = await links.signUpVerified()
    await domain.storage.users.update((await links.find(email)).id, { password_hash: '' })
    await reset(await ask(email))
    expect((await links.signIn(email, NEW_PASSWORD)).outcome).toBe('signed-in')
  })

  it('does not stand in for the second factor', async () => {
    const { principal } = await twoFactorActions(domain).signUpWith('totp')
    const email = (await domain.storage.users.find(principal.userId))?.email ?? ''
    await reset(await ask(email))
    expect((await links.signIn(email, NEW_PASSWORD)).outcome).toBe('second-factor-needed')
  })

  describe('opening the link', () => {
    it('leads to the page of the server with the token in the fragment, as often as one likes', async () => {
      const token = await ask(await links.signUpVerified())
      const target = `https://auth.example.com/reset-password#token=${token}`
      expect(await openPasswordResetLink(domain.context, token)).toBe(target)
      expect(await openPasswordResetLink(domain.context, token)).toBe(target)
      await reset(token)
      await expect(openPasswordResetLink(domain.context, token)).rejects.toEqual(invalid)
    })

    it.each([
      ['/reset?x=1', 'https://auth.example.com/reset?x=1#token='],
      ['https://app.example.com/reset#old', 'https://app.example.com/reset#token='],
    ])('leads to %s, which was asked for', async (callbackUrl, target) => {
      const token = await ask(await links.signUpVerified(), callbackUrl)
      expect(await openPasswordResetLink(domain.context, token)).toBe(target + token)
    })
  })
})
