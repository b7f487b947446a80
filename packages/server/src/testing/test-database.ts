import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { StorageEngine } from '../storage/engine'

export type EngineName = StorageEngine['name']

/** An empty database of its own for whoever asked. */
export type TestDatabase = {
  /** As `openEngine` and the server's settings take it. */
  readonly url: string
  drop(): Promise<void>
}

/** The engines that tests can run on here. SQLite always; PostgreSQL where the test run could start one. */
export const TEST_ENGINES: readonly EngineName[] =
  inject('postgresUrl') === null ? ['sqlite'] : ['sqlite', 'postgres']

export function createTestDatabase(engine: EngineName): Promise<TestDatabase> {
  return engine === 'sqlite' ? createSqliteDatabase() : createPostgresDatabase()
}

async function createSqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'snoop-test-'))
  return {
    url: `sqlite:${join(folder, 'snoop.db')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function createPostgresDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  if (server === null) throw new Error('PostgreSQL is not installed.')
  const name = `snoop_test_${randomBytes(8).toString('hex')}`
  await runOnServer(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => runOnServer(server, `drop database if exists ${name} with (force)`) }
}

async function runOnServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
