import { type Endpoint, listEndpoints } from '@snoop/sdk/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { userRow } from '../src/testing/rows'
import { type SampleValues, sampleRequest } from '../src/testing/sample-input'
import {
  ALL_SCOPES,
  startTestServer,
  type TestAnswer,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'
import { snapshotTables } from '../src/testing/table-snapshot'

// Made from the contract: an endpoint that is added to it is in this test without being named.
const endpoints = listEndpoints(['native']).map(({ name, endpoint, tag }) => ({
  name,
  tag,
  endpoint: endpoint as Endpoint,
}))
const guarded = endpoints.filter(({ endpoint }) => endpoint.access.kind !== 'public')
const isSessionOnly = ({ endpoint: { access } }: (typeof endpoints)[number]): boolean =>
  access.kind === 'session' || ('fresh' in access && access.fresh === true)
const sessionOnly = guarded.filter(isSessionOnly)
const scoped = guarded.filter(route => !isSessionOnly(route))
const ofTenants = guarded.filter(({ endpoint }) => endpoint.access.kind === 'organization')
const forKeys = (routes: typeof guarded) => routes.filter(route => !isSessionOnly(route))
const scopesOf = ({ access }: Endpoint): readonly string[] => ('scopes' in access ? access.scopes : [])
const ID_NAMES: ReadonlySet<string> = new Set(['id', 'keyId', 'memberId', 'sessionId'])
const takesId = ({ body, query, params, access }: Endpoint): boolean =>
  [body, query, params].some(shape => Object.keys(shape?.shape ?? {}).some(name => ID_NAMES.has(name))) &&
  access.kind !== 'public'

/** What a route answers to who has the right, where a sample cannot be all that it asks for. */
const BEYOND_THE_DOOR: Readonly<Record<string, string>> = {
  'twoFactor.generateBackupCodes': '409 CONFLICT',
  'twoFactor.disable': '409 CONFLICT',
  'passkeys.verifyRegistration': '400 INVALID_TOKEN',
  'invites.accept': '400 INVALID_TOKEN',
  'payments.updateSubscription': '409 CONFLICT',
  'payments.portal': '409 CONFLICT',
}

/**
 * Somebody with two organizations, and in the first a project, a key, a colleague, an invitation and a checkout; also a
 * device and a passkey.
 */
interface Tenant extends TestUser {
  readonly otherOrganizationId: string
  /** For each route, or else its tag, what to put where it asks for an id, a password, or something else of its own. */
  readonly ids: Readonly<Record<string, SampleValues>>
}

const insertPasskey = async ({ db }: StorageEngine, userId: string): Promise<string> => {
  const id = `passkey-of-${userId}`
  const row = { id, user_id: userId, credential_id: id, public_key: '', signature_count: 0, transports: '[]' }
  const rest = { device_type: 'singleDevice', backed_up: 0, name: 'Key', created_at: 0, last_used_at: null }
  await db
    .insertInto('passkeys')
    .values({ ...row, ...rest })
    .execute()
  return id
}

const insertColleague = async ({ db }: StorageEngine, organizationId: string): Promise<string> => {
  const id = `colleague-${organizationId}`
  await db.insertInto('users').values(userRow(id)).execute()
  const dates = { created_at: 0, updated_at: 0 }
  await db
    .insertInto('memberships')
    .values({ organization_id: organizationId, id, user_id: id, role: 'owner', ...dates })
    .execute()
  return id
}

const foundTenant = async (server: TestServer, engine: StorageEngine): Promise<Tenant> => {
  const user = await server.signUp()
  await server.verifyAddress(user.email)
  const { cookie, organizationId } = user
  const other = await server.call('POST', '/api/user/organizations', { cookie, body: { name: 'Second' } })
  const projects = `/api/user/organizations/${organizationId}/projects`
  const organization = `/api/user/organizations/${organizationId}`
  const colleague = await insertColleague(engine, organizationId)
  const invites = [{ email: `guest-of-${user.email}` }]
  const invited = await server.call('POST', `${organization}/invites`, { cookie, body: { invites } })
  // An invitation may be sent again after a minute.
  server.advance(61_000)
  const urls = { successUrl: '/', cancelUrl: '/' }
  const purchase = { tierId: 'pro', interval: 'month', seatCount: 5, ...urls }
  const checkout = await server.call('POST', `${organization}/payments/checkout`, { cookie, body: purchase })
  const project = await server.call('POST', projects, { cookie, body: { name: 'Mine' } })
  const key = await server.createKey(user, { name: 'target' })
  const session = await server.call('GET', '/api/auth/get-session', { cookie })
  const devices = await server.call('GET', '/api/auth/list-devices', { cookie })
  return {
    ...user,
    otherOrganizationId: other.body.data.id,
    ids: {
      auth: { id: session.body.data.session.id, password: user.password, currentPassword: user.password },
      'auth.revokeDevice': { id: devices.body.data[0].id },
      passkeys: { id: await insertPasskey(engine, user.id) },
      apiKeys: { id: key.id, keyId: key.id },
      projects: { id: project.body.data.id },
      organizations: { memberId: colleague },
      members: { memberId: colleague },
      invites: { memberId: invited.body.data[0].id, token: 'x'.repeat(43) },
      mfaPolicy: { required: false },
      payments: { sessionId: checkout.body.data.sessionId },
      'payments.checkout': { seatCount: 5 },
    },
  }
}

describeOnEachDatabase('every route of the contract', createDatabase => {
  let server: TestServer
  let databaseUrl: string
  let engine: StorageEngine
  let owner: Tenant
  let stranger: Tenant
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, maxKeysPerAccount: 1000 })
    engine = await openEngine({ database: databaseUrl })
    owner = await foundTenant(server, engine)
    stranger = await foundTenant(server, engine)
  })
  afterAll(async () => {
    await engine.close()
    await server.stop()
  })

  type Route = (typeof endpoints)[number]
  /** Sends what the endpoint would accept, with the ids of the owner's things. */
  const send = (
    { endpoint, name, tag }: Route,
    credential: { cookie?: string; key?: string },
    organizationId = owner.organizationId,
  ): Promise<TestAnswer> => {
    const { method, path, body } = sampleRequest(endpoint, {
      organizationId,
      ...(owner.ids[name] ?? owner.ids[tag]),
    })
    // Identity never comes from the body: these must change nothing.
    const forged = body && { ...body, userId: owner.id, role: 'owner', permissions: {} }
    return server.call(method, path, { ...credential, ...(forged && { body: forged }) })
  }

  const expectRefusals = async (routes: Route[], ask: (route: Route) => Promise<[TestAnswer, string]>) => {
    expect(routes.length).toBeGreaterThan(0)
    const before = await snapshotTables(databaseUrl)
    for (const route of routes) {
      const [answer, code] = await ask(route)
      expect(`${route.name}: ${answer.body.code}`).toBe(`${route.name}: ${code}`)
      expect(answer.body.success).toBe(false)
      expect(answer.body.status).toBe(answer.status)
    }
    expect(await snapshotTables(databaseUrl)).toEqual(before)
  }

  test('asks for a credential', () =>
    expectRefusals(guarded, async route => [await send(route, {}), 'AUTHENTICATION_REQUIRED']))

  test('refuses a credential that does not exist', async () => {
    await expectRefusals(guarded, async route => [
      await send(route, { cookie: `snoop_session=${'x'.repeat(43)}` }),
      'INVALID_OR_EXPIRED_TOKEN',
    ])
    await expectRefusals(guarded, async route => [
      await send(route, { key: `ba_${'x'.repeat(46)}` }),
      'INVALID_API_KEY',
    ])
  })

  describe("refuses another tenant's", () => {
    test('session and key on an organization', async () => {
      const { key } = await server.createKey(stranger)
      await expectRefusals(ofTenants, async route => [
        await send(route, { cookie: stranger.cookie }),
        'FORBIDDEN',
      ])
      await expectRefusals(forKeys(ofTenants), async route => [await send(route, { key }), 'FORBIDDEN'])
    })

    test('session and key on a thing named by its id', async () => {
      const { key } = await server.createKey(stranger)
      const byId = guarded.filter(({ endpoint }) => takesId(endpoint))
      const inOwnOrganization = stranger.organizationId
      await expectRefusals(byId, async route => [
        await send(route, { cookie: stranger.cookie }, inOwnOrganization),
        'NOT_FOUND',
      ])
      await expectRefusals(forKeys(byId), async route => [
        await send(route, { key }, inOwnOrganization),
        'NOT_FOUND',
      ])
    })
  })

  test("tells the caller's own thing in the wrong organization from one that is not there", () =>
    expectRefusals(
      ofTenants.filter(({ endpoint }) => takesId(endpoint)),
      async route => [
        await send(route, { cookie: owner.cookie }, owner.otherOrganizationId),
        'TENANT_VIOLATION',
      ],
    ))

  test('refuses a key without the scope, and names the scope', async () => {
    const keys = new Map<Route, string>()
    for (const route of scoped) {
      const scopes = ALL_SCOPES.filter(scope => !scopesOf(route.endpoint).includes(scope))
      keys.set(route, (await server.createKey(owner, { scopes })).key)
    }
    await expectRefusals(scoped, async route => {
      const answer = await send(route, { key: keys.get(route) ?? '' })
      const required = scopesOf(route.endpoint)
      expect(answer.body.meta).toEqual({ required, missing: required })
      return [answer, 'API_KEY_MISSING_SCOPES']
    })
  })

  test('refuses a key without any scope', async () => {
    const { key } = await server.createKey(owner, { scopes: [] })
    await expectRefusals(scoped, async route => [await send(route, { key }), 'NO_SCOPES_AVAILABLE'])
  })

  test('refuses every key where only a session will do', async () => {
    const { key } = await server.createKey(owner)
    await expectRefusals(sessionOnly, async route => [await send(route, { key }), 'NO_PERMISSIONS'])
  })

  test('refuses a pinned key on another organization of its owner', async () => {
    const { key } = await server.createKey(owner, { metadata: { organizationId: owner.otherOrganizationId } })
    await expectRefusals(forKeys(ofTenants), async route => [await send(route, { key }), 'FORBIDDEN'])
  })

  test('lets in who has the right', { timeout: 120_000 }, async () => {
    // Reading leaves all as it is for the next; a write may take away what the next one needs.
    const [reads, writes] = [true, false].map(isRead =>
      guarded.filter(({ endpoint }) => (endpoint.method === 'GET') === isRead),
    )
    owner = await foundTenant(server, engine)
    let { key } = await server.createKey(owner)
    for (const route of [...(reads ?? []), ...(writes ?? [])]) {
      if (route.endpoint.method !== 'GET') {
        owner = await foundTenant(server, engine)
        key = (await server.createKey(owner)).key
      }
      const answer = await send(route, isSessionOnly(route) ? { cookie: owner.cookie } : { key })
      const code = route.endpoint.stream ? 'OK' : answer.body.code
      expect(`${route.name}: ${answer.status} ${code}`).toBe(
        `${route.name}: ${BEYOND_THE_DOOR[route.name] ?? `${route.endpoint.status} OK`}`,
      )
    }
  })
})
