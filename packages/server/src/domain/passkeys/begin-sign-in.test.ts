import { randomBytes } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { beginPasskeySignIn } from './begin-sign-in'

describeOnEachEngine('beginning to sign in by passkey', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })

  /** An account with so many passkeys. */
  const newAccount = async (count: number) => {
    const { userId } = await domain.signUp()
    const ids = Array.from({ length: count }, () => randomBytes(32).toString('base64url'))
    for (const credential_id of ids) {
      await domain.storage.passkeys.insert({
        id: domain.context.newId(),
        user_id: userId,
        credential_id,
        public_key: 'AAAA',
        signature_count: 0,
        transports: '["usb","nfc"]',
        device_type: 'singleDevice',
        backed_up: 0,
        name: 'test',
        created_at: domain.now(),
        last_used_at: null,
      })
    }
    return { email: `${userId.toLowerCase()}@example.com`, ids }
  }
  const ask = async (email: string | undefined) => {
    domain.statements.length = 0
    const { challenge, ...options } = await beginPasskeySignIn(domain.context, email)
    return { options, challenge, statements: [...domain.statements] }
  }

  it('offers no passkey without an address, so that the browser offers those that it has', async () => {
    const { options, challenge } = await ask(undefined)
    expect(JSON.parse(JSON.stringify(options))).toEqual({
      rpId: 'auth.example.com',
      allowCredentials: [],
      timeout: 300_000,
      userVerification: 'required',
    })
    expect(Buffer.from(challenge, 'base64url')).toHaveLength(32)
  })

  it('offers those of the account for its address, however it is typed', async () => {
    const { email, ids } = await newAccount(2)
    const { options } = await ask(` ${email.toUpperCase()} `)
    expect(options.allowCredentials).toEqual(
      ids.map(id => ({ id, type: 'public-key', transports: ['usb', 'nfc'] })),
    )
  })

  it('offers made-up ones for any other address, always the same, after the same statements', async () => {
    const real = await ask((await newAccount(1)).email)
    const nobody = Array.from({ length: 20 }, (_, n) => `nobody${n}@example.com`)
    const counts = new Set<number>()
    for (const email of [(await newAccount(0)).email, ...nobody]) {
      const [first, again] = [await ask(email), await ask(email)]
      expect(first.options).toEqual(again.options)
      expect(first.challenge).not.toBe(again.challenge)
      expect(first.statements).toEqual(real.statements)
      const { allowCredentials = [], ...rest } = first.options
      expect({ ...rest, allowCredentials: real.options.allowCredentials }).toEqual(real.options)
      for (const { id, ...more } of allowCredentials) {
        expect(Buffer.from(id, 'base64url')).toHaveLength(32)
        expect(more).toEqual({ type: 'public-key', transports: ['hybrid', 'internal'] })
      }
      counts.add(allowCredentials.length)
    }
    expect([...counts].sort()).toEqual([1, 2])
  })
})
