import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { describeOnEachDatabase } from '../testing/on-each-engine'
import { createTestDatabase, type EngineName, TEST_ENGINES } from '../testing/test-database'
import type { StorageEngine } from './engine'
import { assertMigrated } from './migrate'
import { openEngine } from './open-engine'
import type { Database } from './schema'
import { StorageError } from './storage-error'

const TABLES: Record<keyof Database, true> = {
  users: true,
  organizations: true,
  memberships: true,
  sessions: true,
  link_tokens: true,
  api_keys: true,
  projects: true,
  outbox: true,
  mail_requests: true,
  challenges: true,
  two_factors: true,
  backup_codes: true,
  passkeys: true,
  social_accounts: true,
  devices: true,
  login_events: true,
  guess_counters: true,
  instance_checks: true,
  invitations: true,
  audit_events: true,
  audit_chains: true,
  subscriptions: true,
  checkouts: true,
  credit_entries: true,
  billing_settings: true,
  payment_events: true,
  idempotency_claims: true,
  token_families: true,
  refresh_tokens: true,
  number_sequences: true,
  links: true,
  qr_codes: true,
  websites: true,
  screenshots: true,
  resources: true,
  resource_rows: true,
  resource_values: true,
}

type Column = { table: string; column: string; isNullable: boolean }

async function readColumns(engine: StorageEngine): Promise<Column[]> {
  const tables = await engine.db.introspection.getTables()
  return tables
    .flatMap(({ name, columns }) =>
      columns.map(column => ({ table: name, column: column.name, isNullable: column.isNullable })),
    )
    .sort((a, b) => `${a.table}.${a.column}`.localeCompare(`${b.table}.${b.column}`))
}

const INDEX_QUERIES: Record<EngineName, string> = {
  sqlite: `select l.name, l."unique" as is_unique, (select group_concat(i.name, ',') from pragma_index_info(l.name) i) as columns
    from sqlite_master t, pragma_index_list(t.name) l where t.type = 'table' and t.name not like 'kysely%' and l.origin = 'c'
    order by l.name`,
  postgres: `select c.relname as name, i.indisunique::int as is_unique,
      (select string_agg(a.attname, ',' order by k.position) from unnest(i.indkey) with ordinality k(number, position)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number) as columns
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = 'public' and t.relname not like 'kysely%' and not i.indisprimary
    order by c.relname collate "C"`,
}

async function readIndexes(engine: StorageEngine): Promise<unknown[]> {
  const { rows } = await sql.raw<object>(INDEX_QUERIES[engine.name]).execute(engine.db)
  return rows.map(row => ({ ...row }))
}

describeOnEachDatabase('migrate', createDatabase => {
  it('may run again and changes nothing then', async () => {
    const engine = await openEngine({ database: await createDatabase() })
    await engine.migrate()
    const before = [await readColumns(engine), await readIndexes(engine)]
    await engine.migrate()
    expect([await readColumns(engine), await readIndexes(engine)]).toEqual(before)
    await engine.close()
  })

  it('refuses a database that a newer version has changed, and leaves it alone', async () => {
    const engine = await openEngine({ database: await createDatabase() })
    await engine.migrate()
    const before = await readColumns(engine)
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2999-01-01T00:00:00.000Z')`.execute(
      engine.db,
    )
    const error = await engine.migrate().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StorageError)
    expect(String(error)).toMatch(/A newer version of Snoop has changed this database \(9999-later\)/)
    expect(await readColumns(engine)).toEqual(before)
    await engine.close()
  })

  it('that fails leaves nothing half done', async () => {
    const engine = await openEngine({ database: await createDatabase() })
    // The last table of the first migration exists already, so its creation fails.
    await sql`create table outbox (mine integer)`.execute(engine.db)
    await expect(engine.migrate()).rejects.toThrow('could not be brought up to date')
    expect(await readColumns(engine)).toEqual([{ table: 'outbox', column: 'mine', isNullable: true }])
    await engine.close()
  })

  it('is needed before other programs work on the database, as they are told', async () => {
    const engine = await openEngine({ database: await createDatabase() })
    await expect(assertMigrated(engine.db)).rejects.toThrow('no tables of Snoop')
    await engine.migrate()
    await assertMigrated(engine.db)
    const change = (statement: string) => sql.raw(statement).execute(engine.db)
    await change("insert into kysely_migration (name, timestamp) values ('9999-later', '2999')")
    await expect(assertMigrated(engine.db)).rejects.toThrow('newer version of Snoop')
    await change("delete from kysely_migration where name <> '0001-initial'")
    await expect(assertMigrated(engine.db)).rejects.toThrow('older version of Snoop')
    await engine.close()
  })

  it('gives an index of its own for each tenant question, led by the tenant', async () => {
    const engine = await openEngine({ database: await createDatabase() })
    await engine.migrate()
    const indexes = (await readIndexes(engine)) as { name: string; columns: string }[]
    const ofTenantTables = indexes.filter(({ name }) => /^(projects|memberships)_/.test(name))
    expect(ofTenantTables.map(({ columns }) => columns).sort()).toEqual([
      'organization_id,created_at,id',
      'organization_id,slug',
      'organization_id,user_id',
      // The one exception: in which organizations is this user?
      'user_id,organization_id',
    ])
    await engine.close()
  })
})

/** Processes on SQLite count requests in a file beside the database. */
const WINDOWS = 'request_windows'

it.runIf(TEST_ENGINES.length > 1)('both engines get the same tables, columns and indexes', async () => {
  const schemas = await Promise.all(
    TEST_ENGINES.map(async name => {
      const database = await createTestDatabase(name)
      const engine = await openEngine({ database: database.url })
      await engine.migrate()
      const columns = (await readColumns(engine)).filter(({ table }) => table !== WINDOWS)
      const schema = { columns, indexes: await readIndexes(engine) }
      await engine.close()
      await database.drop()
      return schema
    }),
  )
  const tables = new Set(schemas[0]?.columns.map(({ table }) => table))
  expect([...tables].sort()).toEqual(Object.keys(TABLES).sort())
  expect(schemas[0]).toEqual(schemas[1])
})

it.runIf(TEST_ENGINES.includes('postgres'))('PostgreSQL writes no log of counted requests', async () => {
  const database = await createTestDatabase('postgres')
  const engine = await openEngine({ database: database.url })
  await engine.migrate()
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relpersistence = 'u' and relkind = 'r'`.execute(engine.db)
  expect(rows).toEqual([{ name: WINDOWS }])
  await engine.close()
  await database.drop()
})
