import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type MailedLinks, mailedLinks } from '../links/testing/mailed-links'
import { type MailRequest, requestMail } from './request-mail'

const PURPOSES = ['verify-email', 'reset-password', 'magic-link'] as const

describeOnEachEngine('asking for a mail', open => {
  let domain: TestDomain
  let addresses: Record<string, string>
  let woken: number
  beforeAll(async () => {
    domain = createTestDomain(await open())
    const links: MailedLinks = mailedLinks(domain)
    addresses = {
      verified: await links.signUpVerified(),
      unverified: await links.signUpUnverified(),
      disabled: await links.signUpUnverified(),
      unknown: 'nobody@example.com',
    }
    const { id } = await links.find(addresses.disabled ?? '')
    await domain.storage.users.update(id, { is_active: 0 })
    domain.mails.length = 0
  })
  beforeEach(async () => {
    await domain.engine.db.deleteFrom('mail_requests').execute()
    woken = 0
  })
  const request = (email: string, more: Partial<MailRequest> = {}) => {
    const context = { ...domain.context, wakeMailRequests: () => void woken++ }
    return requestMail(context, {
      purpose: 'magic-link',
      email,
      callbackUrl: undefined,
      remember: true,
      ...more,
    })
  }
  const rows = () => domain.storage.mailRequests.listOldest(10)

  describe.each(PURPOSES)('for %s', purpose => {
    it('is one statement and no hash, whoever has the address, and nothing more before it is answered', async () => {
      for (const [kind, email] of Object.entries(addresses)) {
        domain.statements.length = 0
        const hashes = domain.hasher.calls
        expect(await request(email, { purpose }), kind).toBeUndefined()
        expect(domain.statements, kind).toEqual(['InsertQueryNode'])
        expect(domain.hasher.calls, kind).toBe(hashes)
      }
      expect(domain.mails).toEqual([])
      expect(woken).toBe(Object.keys(addresses).length)
      expect((await rows()).map(row => [row.purpose, row.email])).toEqual(
        Object.values(addresses).map(email => [purpose, email]),
      )
    })

    it.each([
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '\t//evil.example',
      'https://auth.example.com@evil.example',
      'https://auth.example.com.evil.example',
      'https:\\\\evil.example',
      '//evil%2eexample',
      'javascript:alert(1)',
      'http://auth.example.com/',
    ])('that is to lead to %j is refused for every address, and kept nowhere', async callbackUrl => {
      for (const email of Object.values(addresses)) {
        await expect(request(email, { purpose, callbackUrl })).rejects.toMatchObject({
          code: 'VALIDATION_ERROR',
          detail: { fields: [{ field: 'callbackURL' }] },
        })
      }
      expect(await rows()).toEqual([])
      expect(woken).toBe(0)
    })
  })

  it('keeps what was asked for: the normal address, the whole URL, whether to remember', async () => {
    await request(' ADA@Example.com ', { callbackUrl: '/x', remember: false })
    expect(await rows()).toMatchObject([
      {
        email: 'ada@example.com',
        callback_url: 'https://auth.example.com/x',
        remember: 0,
        created_at: domain.now(),
      },
    ])
  })

  it('leaves no address in the log', async () => {
    domain.logged.length = 0
    await request('ada@example.com')
    expect(domain.logged).not.toEqual([])
    expect(JSON.stringify(domain.logged)).not.toContain('ada@')
  })
})
