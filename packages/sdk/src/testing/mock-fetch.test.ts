import { describe, expect, test } from 'vitest'
import { createClient, type Project, type User } from '..'
import { MockError, type MockHandlers, mockFetch } from '.'

const time = '2026-04-05T10:00:00.000Z'
const user: User = {
  id: 'u1',
  email: 'ada@example.com',
  fullName: 'Ada',
  handle: 'ada',
  isVerified: true,
  verifiedAt: time,
  isActive: true,
  lastLoginAt: null,
  role: 'user',
  organizationCount: 1,
  emailPreferences: { marketingOptOut: false },
  twoFactorEnabled: false,
  createdAt: time,
  updatedAt: time,
}
const project = (id: string): Project => ({
  id,
  name: id,
  slug: id,
  website: null,
  description: null,
  businessContext: null,
  monitoringIntent: null,
  status: 'draft',
  frequency: null,
  timezone: 'UTC',
  createdByUser: null,
  createdAt: time,
  updatedAt: time,
})

const clientOf = (handlers: MockHandlers) =>
  createClient({ baseUrl: 'https://auth.example.com', apiKey: 'ba_test', fetch: mockFetch(handlers) })

describe('mockFetch', () => {
  test('answers a stream with a JSON line for each entry', async () => {
    const entry = {
      id: 'e1',
      sequence: 1,
      createdAt: time,
      action: 'project.created',
      outcome: 'success' as const,
      userId: null,
      userName: null,
      credentialType: 'system' as const,
      credentialId: null,
      resourceType: 'project',
      resourceId: 'p1',
      ipAddress: null,
      userAgent: null,
      requestId: null,
      details: {},
      previousHash: '',
      hash: 'h',
      signature: 's',
    }
    const route = 'GET /api/user/organizations/:organizationId/audit-logs/export'
    const client = clientOf({ [route]: () => [entry, entry] })
    const lines: unknown[] = []
    for await (const line of await client.auditLogs.export({ organizationId: 'o1' }))
      lines.push(JSON.parse(line))
    expect(lines).toEqual([entry, entry])
  })

  test("puts a handler's data into the endpoint's envelope", async () => {
    const client = clientOf({ 'GET /api/user/me': () => user })
    const { data, response } = await client.user.me().withResponse()
    expect(data).toEqual(user)
    expect(response).toMatchObject({
      status: 200,
      message: 'User fetched successfully',
      requestId: 'req_mock',
    })
  })

  test('gives a handler the validated request, defaults filled in', async () => {
    const client = clientOf({
      'POST /api/user/organizations/:organizationId/projects': ({ params, body, headers }) => {
        expect(headers.get('x-api-key')).toBe('ba_test')
        expect(body).toEqual({ name: 'A b', status: 'draft', timezone: 'UTC' })
        return { ...project(params.organizationId), name: body.name }
      },
    })
    const { data, response } = await client.projects
      .create({ organizationId: 'o1', name: ' A b ' })
      .withResponse()
    expect(data).toMatchObject({ id: 'o1', name: 'A b' })
    expect(response.status).toBe(201)
  })

  test('cuts a list into the pages that the client asks for', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map(project)
    const client = clientOf({ 'GET /api/user/organizations/:organizationId/projects': () => all })
    const list = () => client.projects.list({ organizationId: 'o1', limit: 2 })
    expect(await list()).toMatchObject({ meta: { total: 5, offset: 0, limit: 2, hasMore: true } })
    const ids: string[] = []
    for await (const { id } of list()) ids.push(id)
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('refuses what the server would refuse, naming the fields', async () => {
    const client = clientOf({ 'POST /api/user/organizations/:organizationId/projects': () => project('p') })
    await expect(
      client.projects.create({ organizationId: 'o 1', name: '', website: 'x' }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'Validation failed for fields: organizationId, name, website',
      errors: [{ location: 'params' }, { field: 'name', location: 'body' }, { error: 'Invalid url' }],
    })
  })

  test('answers the error of the catalogue that a handler throws', async () => {
    const client = clientOf({
      'GET /api/user/me': () => {
        throw new MockError('API_KEY_MISSING_SCOPES', { meta: { missing: ['user:read'] } })
      },
    })
    await expect(client.user.me()).rejects.toMatchObject({ status: 403, meta: { missing: ['user:read'] } })
  })

  test('passes on a whole answer of the handler', async () => {
    const client = clientOf({ 'GET /api/user/me': () => new Response('<h1>', { status: 418 }) })
    await expect(client.user.me()).rejects.toMatchObject({ status: 418, code: 'UNEXPECTED_RESPONSE' })
  })

  test('answers a bare endpoint without the envelope', async () => {
    const client = clientOf({ 'GET /api/openapi.json': () => ({ openapi: '3.1.1' }) })
    expect(await client.service.openapi()).toEqual({ openapi: '3.1.1' })
  })
})

describe('a fault of the test is loud, at once, and names what is wrong:', () => {
  test('an endpoint without a handler', async () => {
    await expect(clientOf({}).user.me()).rejects.toMatchObject({
      status: 501,
      code: 'MOCK_ROUTE_MISSING',
      message: 'mockFetch has no handler for GET /api/user/me',
    })
  })

  test('a path that is not in the contract', async () => {
    expect(await clientOf({}).request('GET', '/api/user/mee')).toMatchObject({
      status: 501,
      body: { message: 'The contract has no endpoint for GET /api/user/mee' },
    })
  })

  test('data that the contract does not allow', async () => {
    const client = clientOf({ 'GET /api/user/me': () => ({ ...user, createdAt: 'yesterday' }) })
    await expect(client.user.me()).rejects.toMatchObject({
      code: 'MOCK_DATA_INVALID',
      message: expect.stringContaining('createdAt'),
    })
  })

  test('a handler that throws', async () => {
    const client = clientOf({
      'GET /api/user/me': () => {
        throw new RangeError('no such fixture')
      },
    })
    await expect(client.user.me()).rejects.toMatchObject({
      code: 'MOCK_HANDLER_FAILED',
      message: 'The handler for GET /api/user/me threw: no such fixture',
    })
  })
})
