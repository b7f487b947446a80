import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { DomainContext } from '../domain-context'
import { type MailedLinks, mailedLinks, visitOf } from '../links/testing/mailed-links'
import { signInByMagicLink } from '../sign-in/sign-in-by-magic-link'
import { answerMailRequests } from './answer-mail-requests'
import { type MailRequest, requestMail } from './request-mail'

describeOnEachEngine('a mail that was asked for', open => {
  let domain: TestDomain
  let links: MailedLinks
  let email: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })
  beforeEach(async () => {
    email = await links.signUpVerified()
    domain.mails.length = 0
    domain.logged.length = 0
  })
  const request = (address = email, purpose: MailRequest['purpose'] = 'magic-link') =>
    requestMail(domain.context, { purpose, email: address, callbackUrl: undefined, remember: true })
  const answer = (context: DomainContext = domain.context) => answerMailRequests(context)
  const waiting = () => domain.storage.mailRequests.listOldest(1000)

  it.each([
    ['reset-password', 'Reset your password'],
    ['magic-link', 'Your link to sign in'],
  ] as const)('for %s is put once, and the request is gone', async (purpose, subject) => {
    await request(email, purpose)
    await answer()
    await answer()
    expect(domain.mails.map(mail => [mail.to, mail.subject])).toEqual([[email, subject]])
    expect(await waiting()).toEqual([])
  })

  it('is none for a disabled or unknown account, nor for verification of who is verified', async () => {
    const disabled = await links.signUpVerified()
    await domain.storage.users.update((await links.find(disabled)).id, { is_active: 0 })
    domain.mails.length = 0
    for (const purpose of ['verify-email', 'reset-password', 'magic-link'] as const) {
      await request(disabled, purpose)
      await request('nobody@example.com', purpose)
    }
    await request(email, 'verify-email')
    await answer()
    expect(domain.mails).toEqual([])
    expect(await waiting()).toEqual([])
  })

  it('goes to unverified accounts, too', async () => {
    const unverified = await links.signUpUnverified()
    domain.mails.length = 0
    for (const purpose of ['verify-email', 'reset-password', 'magic-link'] as const)
      await request(unverified, purpose)
    await answer()
    expect(links.tokensTo(unverified)).toHaveLength(3)
  })

  it('is answered oldest first, however many there are', async () => {
    const others = [await links.signUpVerified(), await links.signUpVerified()]
    domain.mails.length = 0
    for (const address of [...others, email]) await request(address)
    for (let count = 0; count < 250; count++) await request(`nobody-${count}@example.com`)
    await request(others[0])
    await answer()
    expect(domain.mails.map(({ to }) => to)).toEqual([...others, email, others[0]])
    expect(await waiting()).toEqual([])
  })

  it('asked for many times: the newest link alone works', async () => {
    for (let count = 0; count < 5; count++) await request()
    await answer()
    const tokens = links.tokensTo(email)
    expect(tokens).toHaveLength(5)
    const signIn = (token: string) => signInByMagicLink(domain.context, token, visitOf())
    for (const old of tokens.slice(0, -1)) {
      await expect(signIn(old)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    }
    await signIn(tokens.at(-1) ?? '')
  })

  it('counts the life of its link from when it is answered', async () => {
    await request()
    domain.advance(3600_000)
    await answer()
    domain.advance(5 * 60_000 - 1)
    await signInByMagicLink(domain.context, links.tokensTo(email)[0] ?? '', visitOf())
  })

  it('is put once by two servers that share the database, and one link works', async () => {
    const other = createTestDomain(domain.engine)
    other.advance(domain.now() - other.now())
    const addresses = [email, await links.signUpVerified(), await links.signUpVerified()]
    domain.mails.length = 0
    for (let round = 0; round < 10; round++) for (const address of addresses) await request(address)
    await Promise.all([answer(), answer(other.context), answer(), answer(other.context)])
    const mails = [...domain.mails, ...other.mails]
    expect(mails).toHaveLength(30)
    for (const address of addresses) {
      const tokens = mails.flatMap(({ to, link }) =>
        to === address ? [new URL(link ?? '').searchParams.get('token') ?? ''] : [],
      )
      expect(new Set(tokens).size).toBe(10)
      const results = await Promise.allSettled(
        tokens.map(token => signInByMagicLink(domain.context, token, visitOf())),
      )
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }
    expect(domain.logged.filter(({ event }) => event === 'mail_request.failed')).toEqual([])
  })

  it('that cannot be put stays, keeps nobody else waiting, and leaves no link behind', async () => {
    const other = await links.signUpVerified()
    domain.mails.length = 0
    await request()
    await request(other)
    const { mailer } = domain.context
    const broken: DomainContext = {
      ...domain.context,
      mailer: {
        ...mailer,
        put: async (stores, mail) => {
          if (mail.to === email) throw new Error('no room')
          await mailer.put(stores, mail)
        },
      },
    }
    await answer(broken)
    expect(domain.mails.map(({ to }) => to)).toEqual([other])
    expect((await waiting()).map(row => row.email)).toEqual([email])
    expect(domain.logged).toContainEqual(expect.objectContaining({ event: 'mail_request.failed' }))
    const { id } = await links.find(email)
    const left = await domain.engine.db
      .selectFrom('link_tokens')
      .select('purpose')
      .where('user_id', '=', id)
      .where('used_at', 'is', null)
      .execute()
    expect(left).toEqual([])
    await answer()
    expect(domain.mails.map(({ to }) => to)).toEqual([other, email])
  })

  it('begins no other once it is over', async () => {
    await request()
    await request()
    let asked = 0
    await answerMailRequests(domain.context, () => ++asked > 1)
    expect(domain.mails).toHaveLength(1)
    expect(await waiting()).toHaveLength(1)
    await answer()
  })
})
