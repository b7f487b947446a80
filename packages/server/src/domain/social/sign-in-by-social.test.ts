import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { signUp } from '../accounts/sign-up'
import { signInByPassword } from '../sign-in/sign-in-by-password'
import type { Visit } from '../sign-in/visit'
import { type SocialProof, signInBySocial } from './sign-in-by-social'

const visit: Visit = {
  device: { ipAddress: '192.0.2.1', userAgent: 'test' },
  deviceToken: undefined,
  session: undefined,
  requestId: 'req_test',
}

describeOnEachEngine('signing in by a provider', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })

  let counter = 0
  const newProof = (more: Partial<SocialProof> = {}): SocialProof => ({
    providerKey: 'acme',
    providerName: 'Acme',
    subject: `subject ${++counter}`,
    email: `person${counter}@example.com`,
    emailVerified: true,
    name: 'Ada Lovelace',
    ...more,
  })
  const signIn = async (proof: SocialProof, remember = true) => {
    const outcome = await signInBySocial(domain.context, proof, { remember }, visit)
    if (outcome.outcome !== 'signed-in') throw new Error('a second factor was asked for')
    return outcome.opened.session
  }
  const password = 'a-long-secure-passphrase'
  const openAccount = async (email: string, emailVerifiedAt: number | null) => {
    await signUp(domain.context, { email, password, fullName: 'Ada', callbackUrl: undefined })
    const { id = '' } = (await domain.storage.users.findByEmail(email)) ?? {}
    await domain.storage.users.update(id, { email_verified_at: emailVerifiedAt })
    return id
  }
  const count = async (table: 'users' | 'social_accounts' | 'sessions' | 'organizations') =>
    (await domain.engine.db.selectFrom(table).select('id').execute()).length
  const noticesTo = (email: string) => domain.mails.filter(({ to }) => to === email).map(mail => mail.subject)

  it('opens an account with a verified address, an organization and no password, at the first time', async () => {
    const proof = newProof({ email: 'Ada@Example.COM' })
    const { user_id, remember } = await signIn(proof, false)
    const user = await domain.storage.users.findByEmail('ada@example.com')
    expect(user).toMatchObject({
      id: user_id,
      email_verified_at: domain.now(),
      password_hash: '',
      full_name: 'Ada Lovelace',
      handle: expect.stringMatching(/^adalovelace/),
      last_login_at: domain.now(),
    })
    expect(remember).toBe(0)
    const organizations = await domain.storage.organizations.list(user_id, null, {
      offset: 0,
      limit: 20,
      sort: 'createdAt',
    })
    expect(organizations.items).toMatchObject([{ name: "Ada Lovelace's organization", role: 'owner' }])
    expect(await domain.storage.socialAccounts.list(user_id)).toMatchObject([
      { provider: 'acme', subject: proof.subject, email: 'ada@example.com' },
    ])
    expect(noticesTo('ada@example.com')).toEqual([])
    await expect(
      signInByPassword(domain.context, { email: 'ada@example.com', password: '', remember: true }, visit),
    ).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })

  it('is to the same account ever after, whatever address the provider tells', async () => {
    const proof = newProof()
    const { user_id } = await signIn(proof)
    const before = await count('users')
    for (const change of [
      {},
      { email: 'other@example.com' },
      { emailVerified: false },
      { email: undefined },
      { email: 'not an address' },
    ]) {
      expect((await signIn({ ...proof, ...change })).user_id).toBe(user_id)
    }
    expect(await count('users')).toBe(before)
    expect((await domain.storage.users.find(user_id))?.email).toBe(proof.email)
  })

  it('goes by provider and subject together: the same subject elsewhere is somebody else', async () => {
    const proof = newProof()
    const { user_id } = await signIn(proof)
    const elsewhere = await signIn({ ...proof, providerKey: 'other', email: 'elsewhere@example.com' })
    expect(elsewhere.user_id).not.toBe(user_id)
  })

  it('links the account with a verified address, tells its owner, and leaves password and sessions alone', async () => {
    const proof = newProof()
    const id = await openAccount(proof.email ?? '', domain.now())
    const { password_hash } = (await domain.storage.users.find(id)) ?? {}
    await signInByPassword(domain.context, { email: proof.email ?? '', password, remember: true }, visit)
    expect((await signIn(proof)).user_id).toBe(id)
    expect(await domain.storage.users.find(id)).toMatchObject({ password_hash, full_name: 'Ada' })
    expect(await domain.storage.sessions.listLive(id, domain.now())).toHaveLength(2)
    expect(noticesTo(proof.email ?? '').at(-1)).toBe('Another way to sign in was added')
    const sent = domain.mails.length
    await signIn(proof)
    expect(domain.mails).toHaveLength(sent)
  })

  it('never links an account whose own address is not verified: it may be a trap', async () => {
    const proof = newProof()
    const id = await openAccount(proof.email ?? '', null)
    await expect(signIn(proof)).rejects.toMatchObject({
      code: 'CONFLICT',
      detail: { conflictField: 'email' },
      message: expect.stringContaining('Acme'),
    })
    expect(await domain.storage.socialAccounts.list(id)).toEqual([])
    expect(await domain.storage.sessions.listLive(id, domain.now())).toEqual([])
    expect((await domain.storage.users.find(id))?.email_verified_at).toBeNull()
    await domain.storage.users.update(id, { email_verified_at: domain.now() })
    expect((await signIn(proof)).user_id).toBe(id)
  })

  it.each([
    ['no address', { email: undefined }],
    ['an address that is not verified', { emailVerified: false }],
    ['an address that is none', { email: 'ada@localhost' }],
  ])('opens and links nothing with %s', async (_what, change) => {
    const proof = newProof()
    await openAccount(proof.email ?? '', domain.now())
    const before = [await count('users'), await count('social_accounts'), await count('sessions')]
    await expect(signIn({ ...proof, ...change })).rejects.toMatchObject({
      code: 'EMAIL_NOT_VERIFIED',
      message: expect.stringContaining('Acme'),
    })
    expect([await count('users'), await count('social_accounts'), await count('sessions')]).toEqual(before)
  })

  it.each([
    ['no', ''],
    ['a long', 'a'.repeat(256)],
    ['a split', 'a\0b'],
    ['a foreign', 'ä'],
  ])('does not take %s subject', async (_what, subject) => {
    await expect(signIn(newProof({ subject }))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it('lets nobody into a disabled account, neither linked nor by its address', async () => {
    const [linked, unlinked] = [newProof(), newProof()]
    const { user_id } = await signIn(linked)
    await domain.storage.users.update(user_id, { is_active: 0 })
    const id = await openAccount(unlinked.email ?? '', domain.now())
    await domain.storage.users.update(id, { is_active: 0 })
    for (const proof of [linked, unlinked])
      await expect(signIn(proof)).rejects.toMatchObject({ code: 'USER_NOT_ACTIVE' })
    expect(await domain.storage.socialAccounts.list(id)).toEqual([])
  })

  it('opens one account and one link when it comes twice at once', async () => {
    const proof = newProof()
    const before = [await count('users'), await count('social_accounts'), await count('organizations')]
    const sessions = await Promise.all([signIn(proof), signIn(proof), signIn(proof), signIn(proof)])
    expect(new Set(sessions.map(session => session.user_id))).toHaveLength(1)
    expect(new Set(sessions.map(session => session.id))).toHaveLength(4)
    const after = [await count('users'), await count('social_accounts'), await count('organizations')]
    expect(after).toEqual(before.map(rows => rows + 1))
  })

  it('makes one link when it comes twice at once to an account that is there', async () => {
    const proof = newProof()
    const id = await openAccount(proof.email ?? '', domain.now())
    const sessions = await Promise.all([signIn(proof), signIn(proof), signIn(proof)])
    expect(new Set(sessions.map(session => session.user_id))).toEqual(new Set([id]))
    expect(await domain.storage.socialAccounts.list(id)).toHaveLength(1)
  })

  it('asks for the second factor like any other way', async () => {
    const proof = newProof()
    const { user_id } = await signIn(proof)
    await domain.storage.twoFactors.replace({
      user_id,
      method: 'totp',
      sealed_secret: 'sealed',
      confirmed_at: domain.now(),
      last_used_step: 0,
      code_hash: null,
      code_bound_to: null,
      code_expires_at: null,
      created_at: domain.now(),
    })
    expect(await signInBySocial(domain.context, proof, { remember: true }, visit)).toMatchObject({
      outcome: 'second-factor-needed',
      factors: ['totp', 'backup-code'],
    })
    expect(await domain.storage.sessions.listLive(user_id, domain.now())).toHaveLength(1)
  })

  it.each([
    ['of two lines', '  Ada\r\nLovelace\0 ', 'Ada Lovelace'],
    ['that is empty', '', 'person'],
    ['that is not told', undefined, 'person'],
    ['of blanks', '\t', 'person'],
    ['of letters cut in two', `${'x'.repeat(99)}😀`, 'x'.repeat(99)],
    ['that is endless', 'x'.repeat(5000), 'x'.repeat(100)],
  ])('gives a new account a name that can be shown, from one %s', async (_what, name, shown) => {
    const { user_id } = await signIn(newProof({ name }))
    const user = await domain.storage.users.find(user_id)
    expect(user?.full_name.replace(/^person\d+$/, 'person')).toBe(shown)
  })
})
