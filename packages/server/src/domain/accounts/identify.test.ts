import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { identify } from './identify'

describeOnEachEngine('asking for the ways to sign in', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  const emailOf = async (userId: string) => (await domain.storage.users.find(userId))?.email ?? ''
  const addPasskey = (user_id: string) =>
    domain.storage.passkeys.insert({
      id: domain.context.newId(),
      user_id,
      credential_id: domain.context.newId(),
      public_key: '',
      signature_count: 0,
      transports: '[]',
      device_type: 'singleDevice',
      backed_up: 0,
      name: 'key',
      created_at: 0,
      last_used_at: null,
    })

  it('tells of a passkey, whatever the spelling of the address', async () => {
    const { userId } = await domain.signUp()
    const email = await emailOf(userId)
    expect(await identify(domain.context, email)).toEqual({ hasPasskey: false })
    await addPasskey(userId)
    expect(await identify(domain.context, ` ${email.toUpperCase()} `)).toEqual({ hasPasskey: true })
  })

  it('answers an unknown address as an account with a password, after the same statements', async () => {
    const { userId } = await domain.signUp()
    await addPasskey((await domain.signUp()).userId)
    const run = async (email: string) => {
      domain.statements.length = 0
      return { answer: await identify(domain.context, email), statements: [...domain.statements] }
    }
    const known = await run(await emailOf(userId))
    expect(known.statements.length).toBeGreaterThan(1)
    expect(await run('nobody@example.com')).toEqual(known)
  })
})
