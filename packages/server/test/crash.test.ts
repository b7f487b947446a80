import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { openEngine } from '../src/storage/open-engine'
import { spawnServer } from '../src/testing/spawn-server'

const WRITES = 1000
const KILL_AFTER = 300
const account = { email: 'ada@example.com', password: 'a-long-secure-passphrase', name: 'Ada' }
const NO_LIMITS = ['global', 'signIn', 'signUp'].flatMap(group => ['--rate-limit', `${group}=off`])

describe('kill -9 in the middle of 1,000 concurrent writes', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'snoop-crash-'))
  const args = ['--data-dir', dataDir, '--key-rate-limit', 'off', '--default-plan', 'business', ...NO_LIMITS]
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

  const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }
    const response = await fetch(url, init)
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as { data: { id: string } },
    }
  }

  test('loses nothing that was answered, and leaves nothing half-made', async () => {
    const server = await spawnServer(args)
    await post(`${server.url}/api/auth/sign-up/email`, account)
    const signedIn = await post(`${server.url}/api/auth/sign-in/email`, account)
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const organizations = `${server.url}/api/user/organizations`
    const listed = await fetch(organizations, { headers: { cookie } }).then(response => response.json())
    const organizationId = (listed as { data: [{ id: string }] }).data[0].id

    const acknowledged = { projects: [] as string[], organizations: [] as string[] }
    let answered = 0
    const write = async (n: number) => {
      // Every tenth writes two tables at once.
      const kind = n % 10 === 0 ? 'organizations' : 'projects'
      const url = kind === 'organizations' ? organizations : `${organizations}/${organizationId}/projects`
      const answer = await post(url, { name: `${kind} ${n}` }, { cookie })
      if (answer.status !== 201) return
      acknowledged[kind].push(answer.body.data.id)
      answered++
      if (answered === KILL_AFTER) server.process.kill('SIGKILL')
    }
    const outcomes = await Promise.allSettled(Array.from({ length: WRITES }, (_, n) => write(n)))
    expect(await server.end('SIGKILL')).toBe('SIGKILL')
    // It was the middle: some were answered, some never were.
    expect(answered).toBeGreaterThanOrEqual(KILL_AFTER)
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)

    const again = await spawnServer(args)
    const engine = await openEngine({ database: `sqlite:${join(dataDir, 'snoop.db')}` })
    try {
      const projects = await engine.db.selectFrom('projects').select(['id', 'organization_id']).execute()
      const memberships = await engine.db.selectFrom('memberships').select('organization_id').execute()
      const all = await engine.db.selectFrom('organizations').select('id').execute()
      const projectIds = new Set(projects.map(({ id }) => id))
      const organizationIds = new Set(all.map(({ id }) => id))
      expect(acknowledged.projects.filter(id => !projectIds.has(id))).toEqual([])
      expect(acknowledged.organizations.filter(id => !organizationIds.has(id))).toEqual([])
      expect(projects.every(project => project.organization_id === organizationId)).toBe(true)
      expect(memberships.map(({ organization_id }) => organization_id).sort()).toEqual(
        [...organizationIds].sort(),
      )
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(engine.db)
      expect(rows).toEqual([{ integrity_check: 'ok' }])
    } finally {
      await engine.close()
    }
    // The session from before the crash still works on the new process.
    const me = await fetch(`${again.url}/api/user/me`, { headers: { cookie } })
    expect(me.status).toBe(200)
    expect(await again.end('SIGTERM')).toBe(0)
  })
})
