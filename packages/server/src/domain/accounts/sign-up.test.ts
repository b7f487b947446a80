import { handleSchema } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { isReservedName } from '../reserved-name'
import { type SignUp, signUp } from './sign-up'

let counter = 0
const someone = (details: Partial<SignUp> = {}): SignUp => ({
  email: `someone-${++counter}@example.com`,
  password: 'a-long-secure-passphrase',
  fullName: 'Ada Lovelace',
  callbackUrl: undefined,
  ...details,
})

describeOnEachEngine('signing up', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  const accountOf = async (email: string) => {
    const { db } = domain.engine
    const users = await db.selectFrom('users').selectAll().where('email', '=', email).execute()
    const organizations = await db
      .selectFrom('memberships')
      .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
      .select(['organizations.name', 'organizations.slug', 'memberships.role'])
      .where('memberships.user_id', 'in', users.length > 0 ? users.map(({ id }) => id) : [''])
      .execute()
    return { users, organizations: organizations.map(row => ({ ...row })) }
  }
  const mailsTo = (email: string) => domain.mails.filter(({ to }) => to === email)

  it('makes an unverified user, an organization that the user owns, and a verification mail', async () => {
    await signUp(domain.context, someone({ email: 'Grace@Example.com', fullName: 'Grace Hopper' }))
    const { users, organizations } = await accountOf('grace@example.com')
    expect(users).toMatchObject([
      {
        full_name: 'Grace Hopper',
        handle: 'gracehopper',
        email_verified_at: null,
        is_active: 1,
        role: 'user',
      },
    ])
    expect(organizations).toEqual([
      { name: "Grace Hopper's organization", slug: 'grace-hopper', role: 'owner' },
    ])
    expect(mailsTo('grace@example.com')).toMatchObject([{ subject: 'Confirm your e-mail address' }])
  })

  it('with a taken address changes nothing, and costs one hash and one mail all the same', async () => {
    const { email } = someone()
    const measure = async (input: SignUp) => {
      const before = { hashes: domain.hasher.calls, mails: domain.mails.length }
      expect(await signUp(domain.context, input)).toBeUndefined()
      return { hashes: domain.hasher.calls - before.hashes, mails: domain.mails.length - before.mails }
    }
    expect(await measure(someone({ email }))).toEqual({ hashes: 1, mails: 1 })
    const account = await accountOf(email)
    const again = someone({
      email: ` ${email.toUpperCase()} `,
      password: 'another-passphrase',
      fullName: 'Mallory',
    })
    expect(await measure(again)).toEqual({ hashes: 1, mails: 1 })
    expect(await accountOf(email)).toEqual(account)
    expect(mailsTo(email)[1]?.text).toContain('Ada Lovelace')
    expect(mailsTo(email)[1]?.link).toBeUndefined()
  })

  it('many times at once with one address makes one user with one organization', async () => {
    const input = someone()
    await Promise.all(
      Array.from({ length: 20 }, () => signUp(domain.context, { ...input, fullName: `Twin ${++counter}` })),
    )
    const { users, organizations } = await accountOf(input.email)
    expect(users).toHaveLength(1)
    expect(organizations).toHaveLength(1)
    const subjects = mailsTo(input.email).map(({ subject }) => subject)
    expect(
      subjects.filter(subject => subject === 'Confirm your e-mail address').length,
    ).toBeGreaterThanOrEqual(1)
  })

  it('many times at once with one name gives each a handle and a slug of their own', async () => {
    const inputs = Array.from({ length: 30 }, () => someone({ fullName: 'Common Name' }))
    await Promise.all(inputs.map(input => signUp(domain.context, input)))
    const accounts = await Promise.all(inputs.map(({ email }) => accountOf(email)))
    const handles = accounts.map(({ users }) => users[0]?.handle)
    const slugs = accounts.map(({ organizations }) => organizations[0]?.slug)
    expect(new Set(handles).size).toBe(30)
    expect(new Set(slugs).size).toBe(30)
    for (const handle of handles) expect(handle).toMatch(/^commonname\d*$/)
    for (const slug of slugs) expect(slug).toMatch(/^common-name(-\d+)?$/)
  })

  it.each(['Admin', 'Post Master', '李'])(
    'gives nobody a reserved handle, for the name %s',
    async fullName => {
      const input = someone({ fullName })
      await signUp(domain.context, input)
      const { handle = '' } = (await accountOf(input.email)).users[0] ?? {}
      expect(handle).toMatch(/^(admin|postmaster|user)\d+$/)
      expect(isReservedName(handle)).toBe(false)
    },
  )

  it('gives any name a handle and an organization that the contract takes', async () => {
    const names = fc.oneof(
      fc.string({ minLength: 1, maxLength: 100 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    )
    const samples = [
      ...fc.sample(
        names.filter(name => name.length <= 100 && /^[^\p{Cc}\p{Cs}]+$/u.test(name)),
        30,
      ),
      '李',
      'x',
      '-',
      '42',
      '1815 12 10',
      '9'.repeat(100),
      '👩‍👩‍👧'.repeat(12),
      'x'.repeat(100),
      `${'x'.repeat(82)}😀😀`,
    ]
    for (const fullName of samples) {
      const input = someone({ fullName })
      await signUp(domain.context, input)
      const { users, organizations } = await accountOf(input.email)
      expect(handleSchema.parse(users[0]?.handle)).toBe(users[0]?.handle)
      expect(organizations[0]?.slug).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
      expect(organizations[0]?.name.length).toBeLessThanOrEqual(100)
      expect(organizations[0]?.name).toContain(fullName)
    }
  })

  describe('is refused, with nothing made, for', () => {
    it.each<[string, Partial<SignUp>, string]>([
      ['a common password', { password: 'PassWord123' }, 'password'],
      ['a callback elsewhere', { callbackUrl: '//evil.example' }, 'callbackURL'],
    ])('%s', async (_what, details, field) => {
      const input = someone(details)
      const calls = domain.hasher.calls
      await expect(signUp(domain.context, input)).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        detail: { fields: [{ field }] },
      })
      expect(await accountOf(input.email)).toEqual({ users: [], organizations: [] })
      expect(domain.hasher.calls).toBe(calls)
    })
  })
})
