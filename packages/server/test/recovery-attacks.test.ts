import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'
import { NEW_PASSWORD, type RecoveryKit, recoveryKit, SUBJECTS } from './kit/recovery-kit'

describeOnEachDatabase('links from mails, attacked', createDatabase => {
  let server: TestServer
  let kit: RecoveryKit
  let counter = 0
  beforeAll(async () => {
    server = await startTestServer({
      databaseUrl: await createDatabase(),
      trustedOrigins: ['https://app.example.com'],
    })
    kit = recoveryKit(server)
  })
  afterAll(() => server.stop())

  // Keycloak CVE-2026-18963: a step of one flow, taken in another or out of its order.
  test('no step counts out of its order, in another flow, or without its mail', async () => {
    const person = await kit.newPerson()
    const unverified = await server.signUp()
    const newEmail = `elsewhere-${++counter}@example.com`
    await Promise.all([kit.askFor.reset(person.email), kit.askFor.magic(person.email)])
    await kit.post('/change-email', { email: newEmail }, { cookie: person.cookie })
    const tokens = {
      verify: kit.tokenOf(await kit.linkIn(unverified.email, 'verify')),
      change: kit.tokenOf(await kit.linkIn(newEmail, 'change')),
      reset: kit.tokenOf(await kit.linkIn(person.email, 'reset')),
      magic: kit.tokenOf(await kit.linkIn(person.email, 'magic')),
      session: person.cookie.split('=')[1] ?? '',
      address: person.email,
      id: unverified.id,
    }
    const steps: { path: string; body?: object; own: string[] }[] = [
      { path: '/verify-email', own: ['verify', 'change'] },
      { path: '/reset-password', body: { newPassword: NEW_PASSWORD }, own: ['reset'] },
      { path: '/magic-link/verify', own: ['magic'] },
    ]
    for (const { path, body, own } of steps) {
      for (const [name, token] of Object.entries(tokens)) {
        if (own.includes(name)) continue
        for (const cookie of [undefined, person.cookie]) {
          const posted = await kit.post(path, { token, ...body }, { cookie })
          expect([path, name, posted.body.code, posted.cookies]).toEqual([path, name, 'INVALID_TOKEN', []])
          const link = new URL(`/api/auth${path}?token=${encodeURIComponent(token)}`, server.url)
          const opened = await kit.open(link, { cookie: cookie ?? '' })
          expect([path, name, opened.body.code, opened.cookies]).toEqual([path, name, 'INVALID_TOKEN', []])
        }
      }
    }
    // Nothing of it used a link up or changed anything.
    expect((await kit.signIn(person)).status).toBe(200)
    expect((await kit.post('/magic-link/verify', { token: tokens.magic })).status).toBe(200)
    expect((await kit.resetBy(tokens.reset)).status).toBe(200)
    // The reset killed the change of address that was under way.
    expect((await kit.post('/verify-email', { token: tokens.change })).body.code).toBe('INVALID_TOKEN')
    expect((await kit.post('/verify-email', { token: tokens.verify })).status).toBe(200)
  })

  describe('where links lead', () => {
    /** With headers that `fetch` does not let one set. */
    const postBy = (path: string, body: object, headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(`${server.url}/api/auth${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
        })
        sent
          .on('response', response => response.resume().on('end', () => resolve(response.statusCode)))
          .on('error', reject)
        sent.end(JSON.stringify(body))
      })

    test.each<Record<string, string>>([
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https', 'x-original-host': 'evil.example' },
      { 'x-host': 'evil.example', 'x-rewrite-url': 'https://evil.example/' },
      { host: 'evil.example', 'x-forwarded-port': '1', 'x-forwarded-prefix': '//evil.example' },
    ])('is said by the configured origin alone, whatever %j says', async headers => {
      const [{ email, cookie }, waiting] = [await kit.newPerson(), await server.signUp()]
      const newEmail = `host-${++counter}@example.com`
      await kit.linkIn(waiting.email, 'verify')
      const asked = [
        await postBy('/request-password-reset', { email }, headers),
        await postBy('/sign-in/magic-link', { email }, headers),
        await postBy('/send-verification-email', { email: waiting.email }, headers),
        await postBy('/change-email', { email: newEmail }, { ...headers, cookie }),
      ]
      expect(asked).toEqual([200, 200, 200, 200])
      const mails = [
        await server.mail(email, 1, SUBJECTS.reset),
        await server.mail(email, 1, SUBJECTS.magic),
        await server.mail(waiting.email, 2, SUBJECTS.verify),
        await server.mail(newEmail, 1, SUBJECTS.change),
        await server.mail(email, 1, /was asked for/),
      ]
      for (const { text = '', html = '' } of mails) {
        expect(text + html).not.toContain('evil')
        for (const [url] of `${text} ${html}`.matchAll(/https?:\/\/[^\s"<]+/g)) {
          expect(new URL(url).origin).toBe(server.url)
        }
      }
      const reset = await kit.linkIn(email, 'reset')
      const opened = await kit.open(reset, { headers })
      expect(new URL(opened.headers.get('location') ?? '').origin).toBe(server.url)
    })

    const FOREIGN = [
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '\t//evil.example',
      '/\n/evil.example',
      '//evil%2eexample',
      '//evil。example',
      'https:evil.example',
      'https:\\\\evil.example',
      'https://good@evil.example',
      'https://app.example.com@evil.example',
      'https://app.example.com.evil.example',
      'https://app.example.com%40evil.example',
      'https://user@app.example.com/',
      'http://app.example.com/',
      'javascript:alert(1)',
      'blob:https://app.example.com/x',
    ]

    test('is no foreign place, however it is written, and whoever asks', async () => {
      const { email, cookie } = await kit.newPerson()
      for (const callbackURL of FOREIGN) {
        const answers = [
          await kit.askFor.reset(email, { callbackURL }),
          await kit.askFor.magic(email, { callbackURL }),
          await kit.askFor.resend(email, { callbackURL }),
          await kit.askFor.reset('nobody@example.com', { callbackURL }),
          await kit.post('/change-email', { email: 'other@example.com', callbackURL }, { cookie }),
        ]
        for (const { status, body } of answers) {
          expect([status, body.meta?.errors], callbackURL).toMatchObject([
            400,
            [{ field: 'callbackURL', location: 'body' }],
          ])
        }
      }
    })

    test.each([
      ['/%2f%2fevil.example', '/%2f%2fevil.example'],
      ['/a/../..//x', '//x'],
      ['/x\r\nSet-Cookie: a=b', '/xSet-Cookie:%20a=b'],
    ])('stays here for %j', async (callbackURL, path) => {
      const { email } = await kit.newPerson()
      await kit.askFor.magic(email, { callbackURL })
      const opened = await kit.open(await kit.linkIn(email, 'magic'))
      expect(opened.headers.get('location')).toBe(server.url + path)
    })
  })
})
