import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { APP, type SocialKit, startSocialKit } from './kit/social-kit'

const MINUTE = 60_000
const DISCOVERY = '/.well-known/openid-configuration'

describeOnEachDatabase('attacks on signing in with another service', createDatabase => {
  let kit: SocialKit
  beforeAll(async () => {
    kit = await startSocialKit(await createDatabase())
  })
  afterAll(() => kit.stop())
  beforeEach(() => kit.mend())

  describe('an answer of a provider', () => {
    const refused = { status: 400, cookie: undefined, body: { code: 'INVALID_TOKEN' } }

    test('counts once, of two at the same time too', async () => {
      const back = await kit.goThrough(kit.newAccount().login)
      const answers = await Promise.all([kit.arrive(back), kit.arrive(back), kit.arrive(back)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
      expect(await kit.arrive(back)).toMatchObject(refused)
    })

    test('counts only in the browser that began (no one is signed in to an account of an attacker’s)', async () => {
      const attackers = await kit.goThrough(kit.newAccount().login)
      const victims = kit.bindingOf(await kit.begin())
      for (const cookie of ['', 'a=b', 'snoop_oauth_state=', `snoop_oauth_state=${'A'.repeat(43)}`, victims])
        expect(await kit.arrive({ ...attackers, cookie })).toMatchObject(refused)
      // Nor is it used up by whoever else opens it.
      expect((await kit.arrive(attackers)).status).toBe(200)
    })

    test('counts for 10 minutes', async () => {
      const [late, later] = [
        await kit.goThrough(kit.newAccount().login),
        await kit.goThrough(kit.newAccount().login),
      ]
      kit.server.advance(10 * MINUTE - 5000)
      expect((await kit.arrive(late)).status).toBe(200)
      kit.server.advance(5001)
      expect(await kit.arrive(later)).toMatchObject(refused)
    })

    test('counts only at the address of the provider that it was asked of (mix-up)', async () => {
      const back = await kit.goThrough(kit.newAccount().login)
      const elsewhere = new URL(back.url.href.replace('/callback/acme', '/callback/other'))
      expect(await kit.arrive({ ...back, url: elsewhere })).toMatchObject(refused)
      expect(await kit.arrive(back)).toMatchObject(refused)
    })

    test('is shown to no other provider, though that one names no issuer that would give it away', async () => {
      const { url, cookie } = await kit.goThrough(kit.newAccount().login)
      const atGithub = new URL(url.href.replace('/callback/acme', '/callback/github'))
      atGithub.searchParams.delete('iss')
      const asked = kit.github.requests.length
      expect(await kit.arrive({ url: atGithub, cookie })).toMatchObject(refused)
      expect(kit.github.requests).toHaveLength(asked)
    })

    test.each<[string, { start?: (url: URL) => void; back?: (url: URL) => void }]>([
      ['another nonce', { start: url => url.searchParams.set('nonce', 'another') }],
      [
        'the code challenge of an attacker',
        { start: url => url.searchParams.set('code_challenge', 'A'.repeat(43)) },
      ],
      ['another code', { back: url => url.searchParams.set('code', 'another') }],
      ['no code', { back: url => url.searchParams.delete('code') }],
      ['another state', { back: url => url.searchParams.set('state', 'A'.repeat(43)) }],
      ['two codes', { back: url => url.searchParams.append('code', 'another') }],
      ['the issuer of another provider', { back: url => url.searchParams.set('iss', kit.other.url) }],
      ['no issuer', { back: url => url.searchParams.delete('iss') }],
    ])('is refused with %s', async (_what, { start = () => {}, back = () => {} }) => {
      const returned = await kit.goThrough(kit.newAccount().login, {}, start)
      back(returned.url)
      expect(await kit.arrive(returned)).toMatchObject(refused)
    })

    test('that holds a code stolen from somebody else is refused', async () => {
      const [victims, attackers] = [
        await kit.goThrough(kit.newAccount().login),
        await kit.goThrough(kit.newAccount().login),
      ]
      attackers.url.searchParams.set('code', victims.url.searchParams.get('code') ?? '')
      expect(await kit.arrive(attackers)).toMatchObject(refused)
    })

    test('that says no is told plainly, or led on', async () => {
      for (const callbackURL of [undefined, APP]) {
        const begun = await kit.begin({ callbackURL })
        const url = new URL(await kit.acme.cancel(begun.body.data.url))
        expect(url.searchParams.get('error')).toBe('access_denied')
        const answer = await kit.arrive({ url, cookie: kit.bindingOf(begun) })
        if (callbackURL === undefined) {
          expect(answer).toMatchObject(refused)
          expect(answer.body.message).toBe('The sign-in with Acme was cancelled')
        } else expect(answer.headers.get('location')).toContain('?from=snoop&error=INVALID_TOKEN#top')
        expect(answer.cookies).toContain('snoop_oauth_state=')
      }
    })

    test('is never repeated', async () => {
      for (const callbackURL of [undefined, APP]) {
        const begun = await kit.begin({ callbackURL })
        const url = new URL(`${kit.server.url}/api/auth/callback/acme`)
        const state = new URL(begun.body.data.url).searchParams.get('state') ?? ''
        const text = 'call +1-555-0100 <script>alert(1)</script>'
        url.search = new URLSearchParams({
          state,
          iss: kit.acme.url,
          error: text,
          error_description: text,
        }).toString()
        const answer = await kit.arrive({ url, cookie: kit.bindingOf(begun) })
        const seen = JSON.stringify([answer.body, ...answer.headers])
        expect(answer.status).toBe(callbackURL === undefined ? 400 : 302)
        for (const word of ['555', 'script', 'alert']) expect(seen).not.toContain(word)
      }
      expect(kit.server.log()).not.toContain('555-0100')
    })

    test('is not used up by looking (HEAD)', async () => {
      const back = await kit.goThrough(kit.newAccount().login)
      const { pathname, search } = back.url
      expect((await kit.server.call('HEAD', pathname + search, { cookie: back.cookie })).status).toBe(405)
      expect((await kit.arrive(back)).status).toBe(200)
    })

    test('opens one account when it comes in two browsers at once', async () => {
      const { login, email } = kit.newAccount()
      const both = await Promise.all([kit.goThrough(login), kit.goThrough(login)])
      const answers = await Promise.all(both.map(back => kit.arrive(back)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect(new Set(answers.map(({ body }) => body.data.user.id)).size).toBe(1)
      expect(answers[0]?.body.data.user.email).toBe(email)
    })
  })

  describe('a provider', () => {
    test.each(['google', 'constructor', 'hasownproperty'])('named %s is not known here', async provider => {
      const answer = await kit.begin({ provider })
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' }, cookies: [] })
      expect(answer.body.message).toBe(
        `One cannot sign in with "${provider}" here, but with: acme, other, github`,
      )
    })

    test('leads on to trusted places alone', async () => {
      for (const callbackURL of [
        'https://evil.example/',
        '//evil.example',
        'https://app.example.com@evil.example',
      ]) {
        const answer = await kit.begin({ callbackURL })
        expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' }, cookies: [] })
      }
    })

    test('that is away, or breaks, is told as such, and asked again at the next try', async () => {
      const { login } = kit.newAccount({}, kit.other)
      // Its metadata are kept for an hour.
      kit.server.advance(61 * MINUTE)
      kit.other.intercept = ({ url }, response) => {
        if (url === DISCOVERY) response.destroy()
        return url === DISCOVERY
      }
      const answer = await kit.begin({ provider: 'other' })
      expect(answer).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' }, cookies: [] })
      expect(answer.headers.get('retry-after')).toBe('5')
      kit.other.intercept = () => false
      const back = await kit.goThrough(login, { provider: 'other', callbackURL: APP })
      kit.other.intercept = ({ url }, response) => {
        if (url === '/token') response.writeHead(500).end()
        return url === '/token'
      }
      expect((await kit.arrive(back)).headers.get('location')).toContain('error=SERVICE_UNAVAILABLE')
      kit.other.intercept = () => false
      expect((await kit.signIn(login, { provider: 'other' })).status).toBe(200)
      expect(kit.server.log()).toMatch(/"event":"social.failed","provider":"other","reason":"[^"]+/)
    })

    test('has its own people: the same subject at another one is somebody else', async () => {
      const { login } = kit.newAccount()
      kit.other.accounts.set(login, { email: `elsewhere-${login}@example.com`, email_verified: true })
      const [here, there] = [await kit.signIn(login), await kit.signIn(login, { provider: 'other' })]
      expect(there.body.data.user.id).not.toBe(here.body.data.user.id)
    })
  })
})
