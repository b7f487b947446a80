import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { changeEmail } from '../accounts/change-email'
import { setUserActive } from '../accounts/set-user-active'
import { verifyEmail } from '../accounts/verification-mail'
import { changePassword } from '../passwords/change-password'
import { openPasswordResetLink, resetPassword } from '../passwords/reset-password'
import { revokeSessions } from '../sessions/revoke-session'
import { signInByMagicLink } from '../sign-in/sign-in-by-magic-link'
import type { LinkPurpose } from './make-link'
import { type MailedLinks, mailedLinks, PASSWORD, visitOf } from './testing/mailed-links'

const MINUTE = 60_000
const NEW_PASSWORD = 'another-long-passphrase'

const LIFETIMES: [LinkPurpose, number][] = [
  ['verify-email', 24 * 60 * MINUTE],
  ['change-email', 24 * 60 * MINUTE],
  ['reset-password', 60 * MINUTE],
  ['magic-link', 5 * MINUTE],
]

describeOnEachEngine('a mailed link', open => {
  let domain: TestDomain
  let links: MailedLinks
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })

  const newAccount = (purpose: LinkPurpose) =>
    purpose === 'verify-email' ? links.signUpUnverified() : links.signUpVerified()

  /** Asks for a link of an account. @returns its token */
  const askFor = async (purpose: LinkPurpose, email: string): Promise<string> => {
    if (purpose !== 'change-email') return links.ask(purpose, email)
    const newEmail = `new-${email}`
    await changeEmail(domain.context, await links.openSession(email), { newEmail, callbackUrl: undefined })
    return links.tokensTo(newEmail).at(-1) ?? ''
  }

  /** What takes a link's token. */
  const takers = {
    verify: token => verifyEmail(domain.context, token),
    reset: token => resetPassword(domain.context, token, NEW_PASSWORD),
    openReset: token => openPasswordResetLink(domain.context, token),
    signIn: token => signInByMagicLink(domain.context, token, visitOf()),
  } satisfies Record<string, (token: string) => Promise<unknown>>
  const TAKEN_BY: Record<LinkPurpose, (keyof typeof takers)[]> = {
    'verify-email': ['verify'],
    'change-email': ['verify'],
    'reset-password': ['reset', 'openReset'],
    'magic-link': ['signIn'],
  }
  const useAs = async (purpose: LinkPurpose, token: string): Promise<unknown> => {
    const taker = TAKEN_BY[purpose][0]
    return taker && takers[taker](token)
  }
  const invalid = expect.objectContaining({ code: 'INVALID_TOKEN' })

  describe.each(LIFETIMES)('for %s', (purpose, lifetimeMs) => {
    it('works once', async () => {
      const token = await askFor(purpose, await newAccount(purpose))
      await useAs(purpose, token)
      await expect(useAs(purpose, token)).rejects.toEqual(invalid)
    })

    it('used twenty times at once works once', async () => {
      const token = await askFor(purpose, await newAccount(purpose))
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => useAs(purpose, token)))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(invalid)
    })

    it('works to the last millisecond of its life, and not one later', async () => {
      const [first, second] = [await newAccount(purpose), await newAccount(purpose)]
      const [early, late] = [await askFor(purpose, first), await askFor(purpose, second)]
      domain.advance(lifetimeMs - 1)
      await useAs(purpose, early)
      domain.advance(1)
      await expect(useAs(purpose, late)).rejects.toEqual(invalid)
    })

    it('is good for nothing else, and is not used up by the try', async () => {
      const token = await askFor(purpose, await newAccount(purpose))
      for (const [name, take] of Object.entries(takers)) {
        if (TAKEN_BY[purpose].some(own => own === name)) continue
        await expect(take(token), name).rejects.toEqual(invalid)
      }
      await useAs(purpose, token)
    })

    it('is dead once another was sent', async () => {
      const email = await newAccount(purpose)
      const tokens: string[] = []
      for (let count = 0; count < 3; count++) tokens.push(await askFor(purpose, email))
      for (const old of tokens.slice(0, 2)) await expect(useAs(purpose, old)).rejects.toEqual(invalid)
      await useAs(purpose, tokens[2] ?? '')
    })

    it.each(['', 'x', 'a'.repeat(43), '../..', '%00', '\u0000'])('forged as %j is refused', async text => {
      await expect(useAs(purpose, text)).rejects.toEqual(invalid)
    })
  })

  describe.each(LIFETIMES.slice(1))('for %s that waits', purpose => {
    it.each<[string, (email: string) => Promise<unknown>]>([
      [
        'the password was changed',
        async email =>
          changePassword(domain.context, await links.openSession(email), {
            currentPassword: PASSWORD,
            newPassword: NEW_PASSWORD,
          }),
      ],
      [
        'the password was reset',
        async email => useAs('reset-password', await askFor('reset-password', email)),
      ],
      ['the address was changed', async email => useAs('change-email', await askFor('change-email', email))],
      [
        'all sessions were ended',
        async email => revokeSessions(domain.context, await links.openSession(email), { keepCurrent: true }),
      ],
      [
        'the account was disabled, and enabled again',
        async email => {
          await setUserActive(domain.context, email, false)
          await setUserActive(domain.context, email, true)
        },
      ],
    ])('is dead once %s', async (_what, change) => {
      const email = await newAccount(purpose)
      const token = await askFor(purpose, email)
      await change(email)
      await expect(useAs(purpose, token)).rejects.toEqual(invalid)
    })
  })

  it.each(['magic-link', 'reset-password'] as const)(
    'for %s to an address that the account does not have any more is refused',
    async purpose => {
      const email = await links.signUpVerified()
      const token = await links.ask(purpose, email)
      await domain.storage.users.update((await links.find(email)).id, { email: `moved-${email}` })
      await expect(useAs(purpose, token)).rejects.toEqual(invalid)
    },
  )

  it('of an account that is gone is refused', async () => {
    const email = await links.signUpVerified()
    const token = await links.ask('magic-link', email)
    await domain.storage.users.delete((await links.find(email)).id)
    await expect(useAs('magic-link', token)).rejects.toEqual(invalid)
  })

  it('is kept by its SHA-256 alone, and carries 256 random bits', async () => {
    const token = await links.ask('magic-link', await links.signUpVerified())
    expect(token).toMatch(/^[\w-]{43}$/)
    const rows = await domain.engine.db.selectFrom('link_tokens').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})
