import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { organizationRow } from '../testing/rows'
import type { StorageEngine } from './engine'
import { loadSqliteBinding } from './sqlite-binding'
import { openSqliteEngine } from './sqlite-engine'
import { StorageError } from './storage-error'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'snoop-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const newPath = () => join(folder, randomBytes(8).toString('hex'), 'snoop.db')

async function openMigrated(path = newPath()): Promise<StorageEngine> {
  const engine = await openSqliteEngine(path)
  await engine.migrate()
  return engine
}

it('makes the file and its folder for their owner alone', async () => {
  const path = newPath()
  const engine = await openMigrated(path)
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600)
  await engine.close()
})

it('leaves everything in the one file when it closes', async () => {
  const path = newPath()
  const engine = await openMigrated(path)
  await engine.db.insertInto('organizations').values(organizationRow('a')).execute()
  await engine.prepare('select * from organizations')()
  await engine.close()
  expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0)
  const again = await openSqliteEngine(path)
  expect(await again.db.selectFrom('organizations').select('id').execute()).toHaveLength(1)
  await again.close()
})

it.each([
  ['journal_mode', 'wal'],
  // 2: FULL
  ['synchronous', 2],
  ['foreign_keys', 1],
  ['busy_timeout', 5000],
])('writes with %s = %s', async (name, value) => {
  const engine = await openMigrated()
  const setting = await engine.transaction(trx => sql.raw<object>(`pragma ${name}`).execute(trx))
  expect(Object.values(setting.rows[0] ?? {})).toEqual([value])
  await engine.close()
})

it('refuses a write on the connection that only reads', async () => {
  const engine = await openMigrated()
  expect(() => engine.prepare('delete from users returning id')()).toThrow(StorageError)
  await engine.close()
})

it('answers reads while a transaction is open', async () => {
  const engine = await openMigrated()
  const find = engine.prepare<{ id: string }>('select id from organizations')
  await engine.transaction(async trx => {
    await trx.insertInto('organizations').values(organizationRow('a')).execute()
    expect(find()).toBeUndefined()
    expect(await engine.db.selectFrom('organizations').selectAll().execute()).toEqual([])
  })
  expect({ ...(await find()) }).toEqual({ id: 'a' })
  await engine.close()
})

it('goes on after a transaction that could not begin', async () => {
  const path = newPath()
  const engine = await openMigrated(path)
  await engine.transaction(trx => sql`pragma busy_timeout = 1`.execute(trx))
  const { DatabaseSync } = await loadSqliteBinding()
  const other = new DatabaseSync(path)
  other.exec('begin immediate')
  await expect(engine.transaction(trx => sql`select 1`.execute(trx))).rejects.toThrow(
    `Another program keeps the database ${path} locked. Stop that program.`,
  )
  other.exec('rollback')
  other.close()
  await engine.db.insertInto('organizations').values(organizationRow('a')).execute()
  await engine.close()
})

it('says that the disk is full, keeps what was committed, and goes on once there is space', async () => {
  const path = newPath()
  const engine = await openMigrated(path)
  await engine.db.insertInto('organizations').values(organizationRow('before')).execute()
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(engine.db)
  await sql.raw(`pragma max_page_count = ${rows[0]?.page_count}`).execute(engine.db)
  const fill = engine.transaction(async trx => {
    await trx.insertInto('organizations').values(organizationRow('half')).execute()
    await trx
      .insertInto('organizations')
      .values(organizationRow('x'.repeat(500_000)))
      .execute()
  })
  await expect(fill).rejects.toThrow(
    `The disk that holds the database ${path} is full. Free some space on it.`,
  )
  await sql.raw('pragma max_page_count = 1000000').execute(engine.db)
  await engine.db.insertInto('organizations').values(organizationRow('after')).execute()
  const kept = await engine.db.selectFrom('organizations').select('id').orderBy('created_at').execute()
  expect(kept.map(({ id }) => id).sort()).toEqual(['after', 'before'])
  await engine.close()
})

it.each([
  ['is no database', 'a shopping list '.repeat(100), 'is not an SQLite database'],
  [
    'is damaged',
    Buffer.concat([Buffer.from('SQLite format 3\0'), randomBytes(4096)]),
    'Name another file|damaged',
  ],
])('refuses a file that %s, by its name', async (_, content, message) => {
  const path = join(folder, randomBytes(8).toString('hex'))
  writeFileSync(path, content)
  const error = await openSqliteEngine(path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StorageError)
  expect(String(error)).toMatch(new RegExp(`${path}.*(${message})`))
})

it('refuses a place where no file can be made, by its name', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  for (const path of [join(file, 'snoop.db'), folder]) {
    const error = await openSqliteEngine(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StorageError)
    expect(String(error)).toContain(`The database ${path} can't be created or written. Give the user`)
  }
})
