import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const password = 'a-long-secure-passphrase'

describeOnEachDatabase('e-mail addresses', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    database = await openEngine({ database: databaseUrl })
    await signUp('mike@github.com')
    await signUp('ada@bücher.example')
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })

  const signUp = (email: string) =>
    server.call('POST', '/api/auth/sign-up/email', { body: { email, password, name: 'Mike' } })
  const signIn = (email: string, given = password) =>
    server.call('POST', '/api/auth/sign-in/email', { body: { email, password: given } })
  const users = () => database.db.selectFrom('users').select(['id', 'email']).orderBy('id').execute()

  describe('a variant of a taken address', () => {
    const mails: Record<string, number> = { 'mike@github.com': 1, 'ada@xn--bcher-kva.example': 1 }
    test.each([
      ['in capitals', 'MIKE@GitHub.com', 'mike@github.com'],
      ['with blanks around', ' \tmike@github.com\u00a0', 'mike@github.com'],
      ['in full width', 'ｍｉｋｅ＠ｇｉｔｈｕｂ．ｃｏｍ', 'mike@github.com'],
      ['with the Kelvin sign', 'mi\u212ae@github.com', 'mike@github.com'],
      ['with a zero-width space', 'mi\u200bke@git\u200bhub.com', 'mike@github.com'],
      ['with a soft hyphen', 'mi\u00adke@github.com', 'mike@github.com'],
      ['with a right-to-left override', '\u202emike@github.com', 'mike@github.com'],
      ['with a final dot', 'mike@github.com.', 'mike@github.com'],
      ['with its domain in ASCII', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
      ['with its domain decomposed', 'ada@BU\u0308CHER.example', 'ada@xn--bcher-kva.example'],
    ])(
      '%s makes no second account, tells the owner, and signs in to the first',
      async (_what, variant, owner) => {
        const before = await users()
        const { status, body } = await signUp(variant)
        expect({ status, email: body.data.user.email }).toEqual({ status: 200, email: owner })
        expect(await users()).toEqual(before)
        mails[owner]! += 1
        expect((await server.mail(owner, mails[owner])).subject).not.toBe('Confirm your e-mail address')
        const signedIn = await signIn(variant)
        expect(signedIn.body.data.user.email).toBe(owner)
      },
    )
  })

  describe('a look-alike of a taken address', () => {
    test.each([
      ['with ı in the domain', 'mike@gıthub.com', 'mike@xn--gthub-n4a.com'],
      ['with a Cyrillic letter in the domain', 'mike@githuЬ.com', 'mike@xn--githu-10e.com'],
      ['with a tag', 'mike+mike@github.com', 'mike+mike@github.com'],
      ['with a dot', 'mi.ke@github.com', 'mi.ke@github.com'],
    ])('%s opens an account of its own and no other', async (_what, address, normal) => {
      expect((await signIn(address)).status).toBe(401)
      const before = await users()
      await signUp(address)
      expect((await users()).length).toBe(before.length + 1)
      const signedIn = await signIn(address)
      expect(signedIn.body.data.user.email).toBe(normal)
    })

    test.each([
      ['with a Cyrillic letter in the name', 'mikе@github.com'],
      ['with ı in the name', 'mıke@github.com'],
      ['with a null byte', 'mike\0@github.com'],
      ['with a null byte at the end', 'mike@github.com\0'],
      ['with a second @', 'mike@github.com@evil.example'],
      ['with an encoded null byte', 'mike%00@github.com'],
      ['with quotes', '"mike"@github.com'],
      ['with a comment', 'mike(x)@github.com'],
    ])('%s is refused wherever an address is asked for', async (_what, address) => {
      const before = await users()
      const resend = await server.call('POST', '/api/auth/send-verification-email', {
        body: { email: address },
      })
      for (const answer of [await signUp(address), await signIn(address), resend]) {
        expect(answer.status).toBe(400)
        expect(answer.body).toMatchObject({
          code: 'VALIDATION_ERROR',
          meta: { errors: [{ field: 'email', location: 'body', error: expect.stringMatching(/^Must /) }] },
        })
      }
      expect(await users()).toEqual(before)
    })
  })
})
