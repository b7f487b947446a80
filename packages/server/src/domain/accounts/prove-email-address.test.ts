import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type MailedLinks, mailedLinks, PASSWORD, visitOf } from '../links/testing/mailed-links'
import { resetPassword } from '../passwords/reset-password'
import { signInByMagicLink } from '../sign-in/sign-in-by-magic-link'
import { twoFactorActions } from '../two-factor/testing/two-factor-account'
import { changeEmail } from './change-email'
import { verifyEmail } from './verification-mail'

const NEW_PASSWORD = 'another-long-passphrase'

// Somebody signs up with the address of somebody else, and leaves ways in for later.
describeOnEachEngine('an account that was never verified', open => {
  let domain: TestDomain
  let links: MailedLinks
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })

  const claims = {
    'a magic link': async (email: string) => {
      const { outcome } = await signInByMagicLink(
        domain.context,
        await links.ask('magic-link', email),
        visitOf(),
      )
      return outcome
    },
    'a password reset': async (email: string) =>
      resetPassword(domain.context, await links.ask('reset-password', email), NEW_PASSWORD),
  }

  describe.each(Object.entries(claims))('whose mailbox is proved by %s', (name, claim) => {
    it('is verified by it', async () => {
      const email = await links.signUpUnverified()
      domain.advance(1000)
      await claim(email)
      expect((await links.find(email)).email_verified_at).toBe(domain.now())
    })

    it('lets nobody in by what was made before: password, sessions, keys, passkeys', async () => {
      const email = await links.signUpUnverified()
      const attacker = await links.openSession(email)
      const keys = [await domain.createKey(attacker), await domain.createKey(attacker)]
      await domain.storage.apiKeys.updateLive({ ...keys[1]!.row }, domain.now(), { enabled: 0 })
      await domain.storage.passkeys.insert({
        id: domain.context.newId(),
        user_id: attacker.userId,
        credential_id: email,
        public_key: 'key',
        signature_count: 0,
        transports: '[]',
        device_type: 'singleDevice',
        backed_up: 0,
        name: 'Mine',
        created_at: domain.now(),
        last_used_at: null,
      })
      await claim(email)
      await expect(links.signIn(email)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
      expect(await links.liveSessions(email)).not.toContain(attacker.session.id)
      expect(await links.liveSessions(email)).toHaveLength(name === 'a magic link' ? 1 : 0)
      for (const { key, row } of keys) {
        expect(await domain.isAccepted(key)).toBe(false)
        expect(
          await domain.storage.apiKeys.find({ userId: attacker.userId, organizationId: null }, row.id),
        ).toMatchObject({ revoked_at: domain.now() })
      }
      expect(await domain.storage.passkeys.list(attacker.userId)).toEqual([])
    })

    it('is not led away by a change of address that was asked for before', async () => {
      const email = await links.signUpUnverified()
      const newEmail = `evil-${email}`
      await changeEmail(domain.context, await links.openSession(email), { newEmail, callbackUrl: undefined })
      await claim(email)
      await expect(verifyEmail(domain.context, links.tokensTo(newEmail).at(-1) ?? '')).rejects.toMatchObject({
        code: 'INVALID_TOKEN',
      })
      expect((await links.find(email)).email).toBe(email)
    })

    it('leaves keys of others, and those of a verified account, alone', async () => {
      const [unverified, verified] = [await links.signUpUnverified(), await links.signUpVerified()]
      const { key } = await domain.createKey(await links.openSession(verified))
      await claim(unverified)
      await claim(verified)
      expect(await domain.isAccepted(key)).toBe(true)
    })

    it('still asks for a second factor, which no mailbox stands in for', async () => {
      const { principal } = await twoFactorActions(domain).signUpWith('totp')
      await domain.storage.users.update(principal.userId, { email_verified_at: null })
      const email = (await domain.storage.users.find(principal.userId))?.email ?? ''
      const outcome = (await claim(email)) ?? (await links.signIn(email, NEW_PASSWORD))
      expect(outcome.outcome).toBe('second-factor-needed')
    })
  })

  it('has no password after a magic link; a reset gives it one', async () => {
    const email = await links.signUpUnverified()
    await claims['a magic link'](email)
    expect((await links.find(email)).password_hash).toBe('')
    await claims['a password reset'](email)
    expect((await links.signIn(email, NEW_PASSWORD)).outcome).toBe('signed-in')
    await expect(links.signIn(email, PASSWORD)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })
})
