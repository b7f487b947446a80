import { type Endpoint, listEndpoints } from '@snoop/sdk/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { IdempotencyClaimStore } from '../src/storage/stores/idempotency-claim-store'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { sampleRequest } from '../src/testing/sample-input'
import { searchTables } from '../src/testing/search-tables'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const ORGANIZATIONS = '/api/user/organizations'
const HOUR = 3_600_000

// Made from the contract: an endpoint that promises its first answer again is in this test without being named.
const repeatable = listEndpoints(['native'])
  .map(({ name, endpoint }) => ({ name, endpoint: endpoint as Endpoint }))
  .filter(({ endpoint }) => endpoint.idempotency === 'answer')

interface RawAnswer {
  readonly status: number
  /** As it came over the wire. */
  readonly text: string
  readonly replayed: string | null
}

describeOnEachDatabase('a POST with an Idempotency-Key', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  let user: TestUser
  let counter = 0
  let key: string
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, maxKeysPerAccount: 1000 })
    database = await openEngine({ database: databaseUrl })
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })
  beforeEach(async () => {
    user = await server.signUp()
    key = `the-key-of-a-write-${++counter}`
    server.secrets.add(key)
  })

  const post = async (
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawAnswer> => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...('x-api-key' in headers ? {} : { cookie: user.cookie }),
        ...headers,
      },
      body: JSON.stringify(body),
    })
    const { status } = response
    return { status, text: await response.text(), replayed: response.headers.get('idempotent-replayed') }
  }
  const codeOf = ({ status, text }: RawAnswer) => `${status} ${JSON.parse(text).code}`
  const idOf = ({ text }: RawAnswer): string => JSON.parse(text).data.id
  const found = (name: string, headers?: Readonly<Record<string, string>>) =>
    post(ORGANIZATIONS, { name }, headers)
  const countFounded = async (by = user) => {
    const { body } = await server.call('GET', ORGANIZATIONS, { cookie: by.cookie })
    return body.meta.total - 1
  }
  const inOrganization = (path: string) => `${ORGANIZATIONS}/${user.organizationId}${path}`

  /** Of an invitation of the user to somebody else's organization. */
  const tokenOfInvitation = async (): Promise<string> => {
    const { cookie, organizationId, email } = await server.signUp()
    await server.verifyAddress(email)
    const body = { invites: [{ email: user.email }] }
    await server.call('POST', `${ORGANIZATIONS}/${organizationId}/invites`, { cookie, body })
    const { text = '' } = await server.mail(user.email, 1, /invite/i)
    return /\/invites#([\w-]+)/.exec(text)?.[1] ?? ''
  }

  describe.each(repeatable)('$name', ({ endpoint }) => {
    beforeEach(() => server.verifyAddress(user.email))
    const isOnceOnly = 'token' in (endpoint.params?.shape ?? {})
    const sample = async () => {
      const invites = [{ email: `guest-${counter}@example.com`, role: 'member' }]
      const ids = { organizationId: user.organizationId, name: 'Sample', invites, seatCount: 5, scopes: [] }
      return sampleRequest(endpoint, { ...ids, ...(isOnceOnly && { token: await tokenOfInvitation() }) })
    }

    test('is answered the same, byte for byte, and carried out once', async () => {
      const { path, body } = await sample()
      const noted = vi.spyOn(IdempotencyClaimStore.prototype, 'update')
      const first = await post(path, body)
      expect([first.status, first.replayed]).toEqual([endpoint.status, null])
      // In the transaction of the write itself: who asks again after a crash is never answered by a second one.
      expect(noted.mock.calls.map(([, { state }]) => state)).toEqual(['done', 'answered'])
      server.advance(23 * HOUR)
      expect(await post(path, body)).toEqual({ ...first, replayed: 'true' })
      if (isOnceOnly) return
      server.advance(HOUR)
      const anew = await post(path, body)
      expect([anew.status, anew.replayed, anew.text === first.text]).toEqual([endpoint.status, null, false])
    })

    test('is not carried out again if its answer was lost with its server', async () => {
      const { path, body } = await sample()
      const update = IdempotencyClaimStore.prototype.update
      vi.spyOn(IdempotencyClaimStore.prototype, 'update').mockImplementation(function (
        this: IdempotencyClaimStore,
        id,
        changes,
      ) {
        return changes.state === 'answered'
          ? Promise.reject(new Error('died'))
          : update.call(this, id, changes)
      })
      const first = await post(path, body)
      expect(first.status).toBe(endpoint.status)
      server.advance(2 * 60_000)
      const again = await post(path, body)
      expect(codeOf(again)).toBe('409 CONFLICT')
      expect(JSON.parse(again.text).message).toContain('was carried out')
    })
  })

  test('with another body, path or endpoint is refused', async () => {
    const first = await found('First')
    const others = [
      await found('Second'),
      await post(inOrganization('/projects'), { name: 'First' }),
      await post('/api/auth/api-key/create', { name: 'First', scopes: [] }),
    ]
    expect(others.map(codeOf)).toEqual(Array(3).fill('409 CONFLICT'))
    const project = { name: 'Mine' }
    key = `${key}-of-a-project`
    await post(inOrganization('/projects'), project)
    const elsewhere = await post(`${ORGANIZATIONS}/${idOf(first)}/projects`, project)
    expect(codeOf(elsewhere)).toBe('409 CONFLICT')
    expect(await countFounded()).toBe(1)
  })

  test('ten times at once makes one thing', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => found('Crowd')))
    const made = answers.filter(({ status }) => status === 201)
    expect(new Set(made.map(idOf)).size).toBe(1)
    expect(made.filter(({ replayed }) => replayed === null)).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 201)
    expect(others.map(codeOf)).toEqual(others.map(() => '409 CONFLICT'))
    expect(await countFounded()).toBe(1)
  })

  test("is independent of another user's with the same key", async () => {
    const other = await server.signUp()
    const mine = await found('Same')
    const theirs = await found('Same', { cookie: other.cookie })
    expect([theirs.status, theirs.replayed, idOf(theirs) === idOf(mine)]).toEqual([201, null, false])
    expect([await countFounded(), await countFounded(other)]).toEqual([1, 1])
  })

  test('leaves the key free if it is refused', async () => {
    const { key: elsewhere } = await server.createKey(user, {
      metadata: { organizationId: user.organizationId },
    })
    const slug = `taken-${user.id.toLowerCase()}`
    await post(ORGANIZATIONS, { name: 'x', slug }, { 'idempotency-key': 'another' })
    const refused = [
      await post(ORGANIZATIONS, { name: '' }),
      await post(ORGANIZATIONS, { name: 'x' }, { 'x-api-key': elsewhere }),
      await post(ORGANIZATIONS, { name: 'x', slug }),
    ]
    expect(refused.map(codeOf)).toEqual(['400 VALIDATION_ERROR', '403 FORBIDDEN', '409 CONFLICT'])
    expect((await found('x')).status).toBe(201)
  })

  test('keeps the secret of a new API key where nobody can read it, and gives it to no other key', async () => {
    const path = '/api/auth/api-key/create'
    const wide = { name: 'wide', scopes: ['user:read', 'user:write'] }
    const first = await post(path, wide)
    const secret: string = JSON.parse(first.text).data.key
    server.secrets.add(secret)
    expect(await searchTables(database.db, [secret, key])).toEqual([])
    expect((await post(path, wide)).text).toBe(first.text)
    const narrow = await server.createKey(user, { scopes: ['api-keys:write'] })
    const stolen = await post(path, wide, { 'x-api-key': narrow.key })
    expect([codeOf(stolen), stolen.text.includes(secret)]).toEqual(['409 CONFLICT', false])
  })

  test('is no way back into an organization', async () => {
    const member = await server.signUp()
    const row = { organization_id: user.organizationId, id: `m-${member.id}`, user_id: member.id }
    await database.db
      .insertInto('memberships')
      .values({ ...row, role: 'member', created_at: 1, updated_at: 1 })
      .execute()
    const make = () => post(inOrganization('/projects'), { name: 'Theirs' }, { cookie: member.cookie })
    expect((await make()).status).toBe(201)
    await database.db.deleteFrom('memberships').where('user_id', '=', member.id).execute()
    expect(codeOf(await make())).toBe('403 FORBIDDEN')
  })

  test('that cannot be a key is refused where it counts, and the header is named', async () => {
    for (const wrong of ['', 'k'.repeat(256), 'a b']) {
      const { status, text } = await found('x', { 'idempotency-key': wrong })
      expect([status, JSON.parse(text).message]).toEqual([
        400,
        'Validation failed for the header Idempotency-Key',
      ])
      expect(JSON.parse(text).meta.errors).toMatchObject([{ field: 'Idempotency-Key', location: 'headers' }])
      const headers = { 'idempotency-key': wrong }
      const read = await server.call('GET', ORGANIZATIONS, { cookie: user.cookie, headers })
      expect(read.status).toBe(200)
      const { id } = await server.createKey(user)
      expect(codeOf(await post('/api/auth/api-key/rotate', { keyId: id }, headers))).toBe(
        '400 VALIDATION_ERROR',
      )
    }
    expect(await countFounded()).toBe(0)
  })
})
