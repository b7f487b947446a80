import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'
import { DAY, type TwoFactorKit, type TwoFactorUser, twoFactorKit } from './kit/two-factor-kit'

const ORGANIZATIONS = '/api/user/organizations'

describeOnEachDatabase('an MFA policy', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  let kit: TwoFactorKit
  let owner: TwoFactorUser
  let guest: TestUser
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    database = await openEngine({ database: databaseUrl })
    kit = twoFactorKit(server)
    owner = await kit.signUpWith('email')
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })
  beforeEach(async () => {
    guest = await kit.signUp()
    await call('PUT', '/mfa', { body: { required: false, graceDays: 7 } })
    const joined = kit.now()
    await database.db
      .insertInto('memberships')
      .values({
        organization_id: owner.organizationId,
        id: `m-${guest.id}`,
        user_id: guest.id,
        role: 'admin',
        created_at: joined,
        updated_at: joined,
      })
      .execute()
  })

  const call = (method: string, path: string, by: { cookie?: string; key?: string; body?: unknown } = {}) => {
    const credential = by.key === undefined ? { cookie: by.cookie ?? owner.cookie } : { key: by.key }
    const body = by.body === undefined ? {} : { body: by.body }
    return server.call(method, `${ORGANIZATIONS}/${owner.organizationId}${path}`, { ...credential, ...body })
  }

  test('is seen before it counts, then counts, and says until when', async () => {
    const none = { required: false, graceDays: 7, requiredSince: null }
    expect((await call('GET', '/mfa')).body.data).toEqual(none)
    const seen = await call('PUT', '/mfa?dryRun=true', { body: { required: true, graceDays: 1 } })
    expect(seen.body.data).toMatchObject({ required: true, graceDays: 1, dryRun: true })
    expect(seen.body.data.impact).toMatchObject({ compliant: 1, lockedOut: 0 })
    expect((await call('GET', '/mfa', { cookie: guest.cookie })).body.data).toEqual(none)

    const set = await call('PUT', '/mfa', { body: { required: true, graceDays: 1 } })
    expect([set.status, set.body.data.dryRun]).toEqual([200, false])
    const { required, graceDays, requiredSince } = set.body.data
    expect((await call('GET', '/mfa')).body.data).toEqual({ required, graceDays, requiredSince })
    const listed = await call('GET', `/mfa/compliance?q=${guest.email}&sort=email`)
    expect(listed.body.meta).toEqual({ total: 1, offset: 0, limit: 20, hasMore: false })
    expect(listed.body.data).toEqual([
      {
        memberId: `m-${guest.id}`,
        userId: guest.id,
        email: guest.email,
        fullName: expect.any(String),
        role: 'admin',
        twoFactorEnabled: false,
        state: 'in-grace',
        deadline: new Date(Date.parse(requiredSince) + DAY).toISOString(),
      },
    ])
    const refused = await call('GET', '/mfa/compliance', { cookie: guest.cookie })
    expect(refused.body.code).toBe('INSUFFICIENT_PERMISSIONS')
  })

  test('keeps sessions and keys of who has no second factor out, until it is turned on', async () => {
    const { key } = await server.createKey(guest)
    const pinned = await server.createKey(guest, { metadata: { organizationId: owner.organizationId } })
    const codes = async (cookie: string | undefined) => {
      const credentials = [{ ...(cookie !== undefined && { cookie }) }, { key }, { key: pinned.key }]
      const answers = await Promise.all(credentials.map(by => call('GET', '/projects', by)))
      return answers.map(({ status, body }) => `${status} ${body.code}`)
    }
    const isGood = async () => {
      const question = { key: pinned.key, organizationId: owner.organizationId }
      const by = { cookie: owner.cookie, body: question }
      return (await server.call('POST', '/api/auth/api-key/verify', by)).body.data.valid
    }
    await call('PUT', '/mfa', { body: { required: true, graceDays: 1 } })
    expect([await codes(guest.cookie), await isGood()]).toEqual([Array(3).fill('200 OK'), true])
    kit.advance(DAY)
    expect([await codes(guest.cookie), await isGood()]).toEqual([Array(3).fill('403 MFA_REQUIRED'), false])
    const { body } = await call('GET', '/my-membership', { cookie: guest.cookie })
    expect([body.code, body.data.role]).toEqual(['OK', 'admin'])

    const again = await kit.signIn(guest)
    const { secret } = await kit.enable(again.cookie ?? '')
    expect(await codes(again.cookie)).toEqual(Array(3).fill('403 MFA_REQUIRED'))
    const on = await kit.prove('/verify-totp', { code: kit.totp(secret) }, again.cookie)
    expect([await codes(on.cookie), await isGood()]).toEqual([Array(3).fill('200 OK'), true])
    const off = await kit.prove('/disable', {}, on.cookie)
    expect(await codes(off.cookie)).toEqual(Array(3).fill('403 MFA_REQUIRED'))
    expect((await call('POST', '/leave', { cookie: off.cookie ?? '' })).body.code).toBe('OK')
    expect(await codes(off.cookie)).toEqual(['403 FORBIDDEN', '403 FORBIDDEN', '401 INVALID_API_KEY'])
  })

  test('asks its maker for a second factor first', async () => {
    const path = `${ORGANIZATIONS}/${guest.organizationId}/mfa`
    const { status, body } = await server.call('PUT', path, {
      cookie: guest.cookie,
      body: { required: true },
    })
    expect([status, body.code]).toEqual([409, 'CONFLICT'])
    expect(body.message).toContain('two-factor authentication')
    const wrong = await call('PUT', '/mfa?dryRun=yes', { body: { required: true, graceDays: 91 } })
    expect(wrong.body.meta.errors.map(({ field }: { field: string }) => field)).toEqual([
      'dryRun',
      'graceDays',
    ])
  })
})
