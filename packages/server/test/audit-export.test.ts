import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createClient, type SnoopClient, verifyAuditLog } from '@snoop/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseSchema } from '../src/config/setting-schemas'
import { createLogger } from '../src/observability/logger'
import { runOperatorCommand } from '../src/run-operator-command'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const collect = async (lines: AsyncIterable<string>): Promise<string[]> => {
  const collected: string[] = []
  for await (const line of lines) collected.push(line)
  return collected
}

describeOnEachDatabase('the audit log over HTTP', createDatabase => {
  let server: TestServer
  let owner: TestUser
  let client: SnoopClient
  let path: string
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    owner = await server.signUp()
    await server.verifyAddress(owner.email)
    const { key } = await server.createKey(owner)
    client = createClient({ baseUrl: server.url, apiKey: key })
    path = `/api/user/organizations/${owner.organizationId}/audit-logs`
    const projects = `/api/user/organizations/${owner.organizationId}/projects`
    const headers = { 'user-agent': '=1+1', 'x-request-id': 'req_of_a_project' }
    for (const name of ['Shop', 'Blog'])
      await server.call('POST', projects, { cookie: owner.cookie, headers, body: { name } })
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  const organization = () => ({ organizationId: owner.organizationId })
  const lastSequence = async () => (await client.auditLogs.chain(organization())).lastSequence

  test('is listed newest first, narrowed, and tells who did what, from where and with what', async () => {
    const answer = await server.call('GET', `${path}?action=project.created&limit=1`, {
      cookie: owner.cookie,
    })
    expect(answer.body).toMatchObject({
      success: true,
      meta: { total: 2, offset: 0, limit: 1, hasMore: true },
    })
    expect(answer.body.data.logs).toMatchObject([
      {
        action: 'project.created',
        outcome: 'success',
        userId: owner.id,
        userName: expect.stringContaining('Test User'),
        credentialType: 'session',
        resourceType: 'project',
        ipAddress: '127.0.0.1',
        userAgent: '=1+1',
        requestId: 'req_of_a_project',
      },
    ])
    const today = new Date(server.now()).toISOString().slice(0, 10)
    const dated = { ...organization(), startDate: today, endDate: today }
    const actions: string[] = []
    for await (const { action } of client.auditLogs.list({ ...dated, action: 'project.created', limit: 1 }))
      actions.push(action)
    expect(actions).toEqual(['project.created', 'project.created'])
    for (const query of ['startDate=yesterday', 'endDate=2026-02-30', 'outcome=maybe', 'afterSequence=-1'])
      expect((await server.call('GET', `${path}?${query}`, { cookie: owner.cookie })).status).toBe(400)
  })

  test('is exported line by line and verified, and the export is its last entry', async () => {
    const chain = await client.auditLogs.chain(organization())
    const { data, response } = await client.auditLogs.export(organization()).withResponse()
    const lines = await collect(data)
    expect(await verifyAuditLog({ ...organization(), chain, lines })).toMatchObject({
      isIntact: true,
      entryCount: chain.lastSequence + 1,
      lastSequence: chain.lastSequence + 1,
    })
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      action: 'audit_log.exported',
      credentialType: 'api_key',
      details: { format: 'jsonl' },
    })
    const today = new Date(server.now()).toISOString().slice(0, 10)
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="audit-log-${owner.organizationId}-${today}.jsonl"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
    const line = JSON.parse(lines[0] ?? '')
    const changed = [JSON.stringify({ ...line, userId: 'somebody else' }), ...lines.slice(1)]
    expect((await verifyAuditLog({ ...organization(), chain, lines: changed })).findings).toMatchObject([
      { kind: 'altered', sequence: 1 },
    ])
  })

  test('is exported as CSV, narrowed, without formulas that run', async () => {
    const csv = await server.call('GET', `${path}/export?format=csv&action=project.created`, {
      cookie: owner.cookie,
    })
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(csv.headers.get('content-disposition')).toMatch(/\.csv"$/)
    const records = String(csv.body).trimEnd().split('\r\n')
    expect(records).toHaveLength(3)
    expect(records[1]).toContain(",'=1+1,")
    const [newest] = (await client.auditLogs.list({ ...organization(), limit: 1 })).data
    expect(newest?.details).toEqual({ format: 'csv', action: 'project.created' })
  })

  test('is not exported by HEAD, by a member without the right, or with a query that is wrong', async () => {
    const before = await lastSequence()
    const head = await server.call('HEAD', `${path}/export`, { cookie: owner.cookie })
    expect([head.status, head.body]).toEqual([200, ''])
    expect(head.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(head.headers.get('content-length')).toBeNull()
    const stranger = await server.signUp()
    const refused = await server.call('GET', `${path}/export`, { cookie: stranger.cookie })
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN'])
    const wrong = await server.call('GET', `${path}/export?format=pdf`, { cookie: owner.cookie })
    expect(wrong.body.code).toBe('VALIDATION_ERROR')
    expect(await lastSequence()).toBe(before)
  })

  test('is printed by the operator beside the running server, its chain last', async () => {
    const print = async (subject: string) => {
      const output = new PassThrough()
      const printed = text(output)
      const config = {
        database: databaseSchema.parse(databaseUrl),
        secretFile: join(server.dataDir, 'instance-secret'),
        origin: undefined,
        host: '127.0.0.1',
        port: 0,
      }
      const command = { name: 'export-audit-log' as const, subject }
      const logger = createLogger({ level: 'silent' })
      const answer = await runOperatorCommand(command, config, logger, Date.now, output)
      output.end()
      return { answer, lines: (await printed).split('\n').filter(Boolean) }
    }
    const isIntact = async (lines: string[]) => {
      const chain = JSON.parse(lines.at(-1) ?? '')
      expect(lines).toHaveLength(chain.lastSequence + 1)
      return (await verifyAuditLog({ ...organization(), chain, lines: lines.slice(0, -1) })).isIntact
    }
    const { answer, lines } = await print(owner.organizationId)
    expect([answer.isDone, await isIntact(lines)]).toEqual([true, true])
    expect(await print('01NOSUCHORGANIZATION')).toMatchObject({
      answer: { isDone: false, message: expect.stringContaining('01NOSUCHORGANIZATION') },
      lines: [],
    })
  })

  test('tells, after a stop at the latest, of those that were refused; the server log of every stream', async () => {
    const stranger = await server.signUp()
    for (let time = 0; time < 3; time++) await server.call('GET', path, { cookie: stranger.cookie })
    await server.call('GET', '/api/user/organizations/01NOSUCH/audit-logs', { cookie: stranger.cookie })
    await server.call('GET', path)
    await server.restart()
    const refusals = await server.call('GET', `${path}?outcome=refused&userId=${stranger.id}`, {
      cookie: owner.cookie,
    })
    const counts = refusals.body.data.logs.map((entry: { details: { count: number } }) => entry.details.count)
    expect(counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(3)
    expect(refusals.body.data.logs[0]).toMatchObject({
      action: 'access.refused',
      resourceType: 'endpoint',
      resourceId: 'auditLogs.list',
      userId: stranger.id,
      details: { code: 'FORBIDDEN' },
    })
    const streamed = server
      .log()
      .split('\n')
      .filter(line => line.includes('"stream":"sent"'))
    expect(streamed.length).toBeGreaterThanOrEqual(3)
  })
})
