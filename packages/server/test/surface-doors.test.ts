import { type Endpoint, KEY_FORMAT_NAMES, type KeyFormat, listEndpoints } from '@snoop/sdk/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { type SampleValues, sampleRequest } from '../src/testing/sample-input'
import {
  startTestServer,
  type TestAnswer,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'
import { snapshotTables } from '../src/testing/table-snapshot'

type SurfaceName = 'snipy' | 'snaptrack' | 'snaapi'

// Made from the contract: an endpoint that is added to a surface is in this test without being named.
const routes = listEndpoints(['snipy', 'snaptrack', 'snaapi'])
  .map(({ name, endpoint, tag }) => ({ name, endpoint: endpoint as Endpoint, surface: tag as SurfaceName }))
  .filter(({ endpoint }) => endpoint.access.kind !== 'public')
type Route = (typeof routes)[number]

/** Formats whose keys are good on each surface. */
const GOOD: Readonly<Record<SurfaceName, readonly KeyFormat[]>> = {
  snipy: ['snpy', 'ba'],
  snaptrack: ['snt'],
  snaapi: ['sna', 'ba'],
}

const credential = (surface: SurfaceName, key: string): Record<string, string> =>
  surface === 'snaptrack' ? { authorization: `Bearer ${key}` } : { 'x-api-key': key }

/** What a route answers to who has the right, where a sample cannot be all that it asks for. */
const BEYOND_THE_DOOR: Readonly<Record<string, string>> = {
  // An access token revokes itself; a key is none.
  'snipy.revokeToken': '403 NO_PERMISSIONS',
  // No browser was named.
  'snaptrack.takeScreenshot': '503 SERVICE_UNAVAILABLE',
  'snaptrack.downloadScreenshot': '409 CONFLICT',
}

/** Somebody with one thing of each kind, and a key of each format. */
interface Tenant extends TestUser {
  readonly keys: Readonly<Record<KeyFormat, string>>
  /** For each route, or else its surface, what to put where it asks for an id or something else of its own. */
  readonly ids: Readonly<Record<string, SampleValues>>
}

const foundTenant = async (server: TestServer, engine: StorageEngine): Promise<Tenant> => {
  const user = await server.signUp()
  const keys = Object.fromEntries(
    await Promise.all(
      KEY_FORMAT_NAMES.map(async format => {
        const scopes = format === 'ba' ? ['projects:read', 'projects:write'] : []
        return [format, (await server.createKey(user, { format, scopes })).key]
      }),
    ),
  ) as Record<KeyFormat, string>
  const make = async (
    surface: SurfaceName,
    format: KeyFormat,
    path: string,
    body: object,
  ): Promise<TestAnswer> => {
    const headers = credential(surface, keys[format])
    const answer = await server.call('POST', path, { headers, body })
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer
  }
  const url = await make('snipy', 'snpy', '/api/url/add', { url: 'https://example.com' })
  const qr = await make('snipy', 'snpy', '/api/qr/add', { name: 'Code', url: 'https://example.com' })
  const website = await make('snaptrack', 'snt', '/websites', { name: 'Home', url: 'https://example.com' })
  const fields = [{ name: 'title', type: 'string' }]
  await make('snaapi', 'sna', '/v1/_resources', { name: 'notes', fields })
  const row = await make('snaapi', 'sna', '/v1/notes', { title: 'One' })
  const screenshot = `shot-${user.organizationId}`
  await engine.db
    .insertInto('screenshots')
    .values({
      organization_id: user.organizationId,
      id: screenshot,
      website_number: website.body.data.id,
      status: 'queued',
      error: null,
      attempts: 0,
      next_attempt_at: Number.MAX_SAFE_INTEGER,
      image_base64: null,
      created_at: 0,
      finished_at: null,
    })
    .execute()
  const link = { id: url.body.data.id }
  const code = { id: qr.body.data.id }
  return {
    ...user,
    keys,
    ids: {
      'snipy.getUrl': link,
      'snipy.updateUrl': link,
      'snipy.deleteUrl': link,
      snipy: code,
      snaptrack: { id: website.body.data.id },
      'snaptrack.getScreenshot': { id: screenshot },
      'snaptrack.downloadScreenshot': { id: screenshot },
      snaapi: { resource: 'notes', id: row.body.data.id },
      'snaapi.createResource': { name: 'more', fields },
      'snaapi.updateResource': { resource: 'notes', fields },
    },
  }
}

describeOnEachDatabase('every route of the surfaces', createDatabase => {
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
    // So that the numbers of the one are none of the other's.
    await server.call('POST', '/api/url/add', {
      key: stranger.keys.snpy,
      body: { url: 'https://example.com' },
    })
  })
  afterAll(async () => {
    await engine.close()
    await server.stop()
  })

  /** Sends what the endpoint would accept, about the owner's things. */
  const send = ({ endpoint, name, surface }: Route, headers: Record<string, string>): Promise<TestAnswer> => {
    const { method, path, body } = sampleRequest(endpoint, owner.ids[name] ?? owner.ids[surface] ?? {})
    // Identity never comes from the body: these must change nothing. Definitions and rows take what they name alone.
    const forged = body && {
      ...body,
      ...(surface !== 'snaapi' && { userId: owner.id, organization_id: 'x' }),
    }
    return server.call(method, path, { headers, ...(forged && { body: forged }) })
  }
  const codeOf = (answer: TestAnswer): string =>
    `${answer.status} ${answer.headers.get('x-error-code') ?? 'OK'}`

  const expectRefusals = async (
    asked: readonly Route[],
    ask: (route: Route) => Promise<[TestAnswer, string]>,
  ) => {
    expect(asked.length).toBeGreaterThan(0)
    const before = await snapshotTables(databaseUrl)
    for (const route of asked) {
      const [answer, code] = await ask(route)
      expect(`${route.name}: ${codeOf(answer)}`).toBe(`${route.name}: ${code}`)
    }
    expect(await snapshotTables(databaseUrl)).toEqual(before)
  }

  test('asks for a credential, and refuses one that does not exist', async () => {
    await expectRefusals(routes, async route => [await send(route, {}), '401 AUTHENTICATION_REQUIRED'])
    await expectRefusals(routes, async route => [
      await send(route, credential(route.surface, `${GOOD[route.surface][0]}_${'x'.repeat(46)}`)),
      '401 INVALID_API_KEY',
    ])
  })

  test('refuses keys of the formats of other surfaces', async () => {
    for (const format of KEY_FORMAT_NAMES) {
      const elsewhere = routes.filter(({ surface }) => !GOOD[surface].includes(format))
      await expectRefusals(elsewhere, async route => [
        await send(route, credential(route.surface, owner.keys[format])),
        '401 INVALID_API_KEY',
      ])
    }
  })

  test("knows nothing of another tenant's things", async () => {
    const ofThings = routes.filter(({ endpoint }) => endpoint.params !== undefined)
    const other = await server.signUp()
    const keys: Record<string, string> = {
      snaapi: (await server.createKey(other, { format: 'sna', scopes: [] })).key,
    }
    keys.snipy = (await server.createKey(other, { format: 'snpy', scopes: [] })).key
    keys.snaptrack = (await server.createKey(other, { format: 'snt', scopes: [] })).key
    await expectRefusals(ofThings, async route => [
      await send(route, credential(route.surface, keys[route.surface] ?? '')),
      '404 NOT_FOUND',
    ])
  })

  test('numbers count in each organization: the same one is a thing of its own there', async () => {
    const [mine, theirs] = await Promise.all(
      [owner, stranger].map(({ keys }) => server.call('GET', '/api/url/1', { key: keys.snpy })),
    )
    expect(mine?.body.data.shorturl).not.toBe(theirs?.body.data.shorturl)
  })

  test('refuses a key without the right', async () => {
    const snipy = routes.filter(({ endpoint }) => 'scopesOf' in endpoint.access)
    for (const [thing, other] of [
      ['url', 'qr'],
      ['qr', 'url'],
    ] as const) {
      const scopes = [`${other}:read`, `${other}:write`]
      const { key } = await server.createKey(owner, { format: 'snpy', scopes })
      const asked = snipy.filter(
        ({ endpoint: { access } }) => 'scopesOf' in access && access.scopesOf.snpy?.[0]?.startsWith(thing),
      )
      await expectRefusals(asked, async route => [
        await send(route, credential('snipy', key)),
        '403 API_KEY_MISSING_SCOPES',
      ])
    }
    const { key: scopeless } = await server.createKey(owner, { scopes: [] })
    await expectRefusals(snipy, async route => [
      await send(route, credential('snipy', scopeless)),
      '403 NO_SCOPES_AVAILABLE',
    ])
    const { key: mapless } = await server.createKey(owner)
    const rows = routes.filter(({ name }) => /Row/.test(name))
    await expectRefusals(rows, async route => [
      await send(route, credential('snaapi', mapless)),
      '403 INSUFFICIENT_PERMISSIONS',
    ])
  })

  test('refuses who does not meet the MFA policy of the organization', async () => {
    const policed = await foundTenant(server, engine)
    await engine.db
      .updateTable('organizations')
      .set({ mfa_required_at: 0, mfa_grace_days: 0 })
      .where('id', '=', policed.organizationId)
      .execute()
    const home = routes.filter(({ endpoint }) => endpoint.access.kind === 'home')
    await expectRefusals(home, async route => [
      await send(route, credential(route.surface, policed.keys[GOOD[route.surface][0] ?? 'ba'])),
      '403 MFA_REQUIRED',
    ])
  })

  test('refuses who belongs to no organization', async () => {
    const lonely = await foundTenant(server, engine)
    await engine.db.deleteFrom('memberships').where('user_id', '=', lonely.id).execute()
    const home = routes.filter(({ endpoint }) => endpoint.access.kind === 'home')
    await expectRefusals(home, async route => [
      await send(route, credential(route.surface, lonely.keys[GOOD[route.surface][0] ?? 'ba'])),
      '403 TENANT_CONTEXT_MISSING',
    ])
  })

  test('does a write that is sent again once', async () => {
    const repeatable = routes.filter(
      ({ endpoint, name }) => endpoint.idempotency === 'answer' && !(name in BEYOND_THE_DOOR),
    )
    expect(repeatable.length).toBeGreaterThan(3)
    for (const route of repeatable) {
      const key = owner.keys[GOOD[route.surface][0] ?? 'ba']
      const headers = { ...credential(route.surface, key), 'idempotency-key': `once-${route.name}` }
      const first = await send(route, headers)
      const tables = await snapshotTables(databaseUrl)
      const second = await send(route, headers)
      expect([first.status, second.body]).toEqual([route.endpoint.status, first.body])
      expect(second.headers.get('idempotent-replayed')).toBe('true')
      expect(await snapshotTables(databaseUrl)).toEqual(tables)
    }
  })

  test('lets in who has the right', async () => {
    // What takes away comes last, and a resource after its rows.
    const order = ({ endpoint: { method, path } }: Route) => (method === 'DELETE' ? 1000 + path.length : 0)
    owner = await foundTenant(server, engine)
    for (const route of [...routes].sort((a, b) => order(a) - order(b))) {
      const answer = await send(route, credential(route.surface, owner.keys[GOOD[route.surface][0] ?? 'ba']))
      expect(`${route.name}: ${codeOf(answer)}`).toBe(
        `${route.name}: ${BEYOND_THE_DOOR[route.name] ?? `${route.endpoint.status} OK`}`,
      )
    }
  })
})
