import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { signUp } from '../accounts/sign-up'
import { provePassword } from './prove-password'

const password = 'a-long-secure-passphrase'
const visit = {
  device: { ipAddress: '192.0.2.1', userAgent: 'test' },
  deviceToken: undefined,
  session: undefined,
  requestId: 'req_test',
}

describeOnEachEngine('a password', open => {
  let domain: TestDomain
  let counter = 0
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })

  const newAccount = async () => {
    const email = `prover-${++counter}@example.com`
    await signUp(domain.context, { email, password, fullName: `Prover ${counter}`, callbackUrl: undefined })
    return { email, handle: (await domain.storage.users.findByEmail(email))?.handle ?? '' }
  }
  const prove = (identifier: string, given = password) =>
    provePassword(domain.context, { identifier, password: given }, visit, async (_stores, user) => user.email)
  const codeOf = (identifier: string, given?: string) =>
    prove(identifier, given).then(
      () => 'OK',
      error => error.code as string,
    )

  it('is proved by address or handle, in any spelling', async () => {
    const { email, handle } = await newAccount()
    for (const name of [email, handle, ` ${email.toUpperCase()} `, ` ${handle.toUpperCase()}\u200b`])
      expect(await prove(name)).toBe(email)
  })

  it('is guessed at by address and handle together', async () => {
    const { email, handle } = await newAccount()
    for (const name of [email, handle, email, handle, email])
      expect(await codeOf(name, 'wrong')).toBe('INVALID_CREDENTIALS')
    expect([await codeOf(handle), await codeOf(email)]).toEqual(['RATE_LIMIT_ERROR', 'RATE_LIMIT_ERROR'])
    domain.advance(2000)
    expect(await codeOf(handle)).toBe('OK')
    for (const name of [email, handle]) expect(await codeOf(name, 'wrong')).toBe('INVALID_CREDENTIALS')
  })

  it.each(['nobody-here', 'nobody@example.com', '', '\0', 'a\0b@example.com', '%'])(
    'of %j, who is nobody, is refused after one comparison, and slowed down as any',
    async name => {
      const calls = domain.hasher.calls
      for (let guess = 0; guess < 5; guess++) expect(await codeOf(name)).toBe('INVALID_CREDENTIALS')
      expect(domain.hasher.calls - calls).toBe(5)
      expect(await codeOf(name)).toBe('RATE_LIMIT_ERROR')
      await domain.engine.db.deleteFrom('guess_counters').execute()
    },
  )

  it('that is changed while it is compared proves nothing', async () => {
    const { email } = await newAccount()
    const { verify } = domain.context.passwords
    const { id = '' } = (await domain.storage.users.findByEmail(email)) ?? {}
    const passwords = {
      ...domain.context.passwords,
      verify: async (hash: string | undefined, given: string) => {
        await domain.storage.users.update(id, { password_hash: 'hash of another' })
        return verify(hash, given)
      },
    }
    const proof = provePassword(
      { ...domain.context, passwords },
      { identifier: email, password },
      visit,
      () => Promise.reject(new Error('was let in')),
    )
    await expect(proof).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })
})
