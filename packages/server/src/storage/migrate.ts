import { type Kysely, type MigrationProvider, Migrator } from 'kysely'
import { MIGRATIONS } from './migrations/index'
import type { ColumnTypes } from './migrations/migration'
import { isMissingTable } from './missing-table'
import type { Database } from './schema'
import { StorageError } from './storage-error'

/**
 * Applies the migrations that `db` lacks, all or none, while no other process can do the same.
 * @throws StorageError if a newer version of Snoop has changed the database, or a migration fails
 */
export async function migrateToLatest(db: Kysely<Database>, types: ColumnTypes): Promise<void> {
  const { error } = await new Migrator({ db, provider: provide(types) }).migrateToLatest()
  if (error === undefined) return
  if (error instanceof StorageError) throw error
  refuseUnknown(await listApplied(db).catch(() => []))
  throw new StorageError("The database's tables could not be brought up to date.", { cause: error })
}

/**
 * For programs that work beside a server: they leave it to the server to bring the tables up to date.
 * @throws StorageError if the tables are not those of this version
 */
export async function assertMigrated(db: Kysely<Database>): Promise<void> {
  const applied = await listApplied(db)
  refuseUnknown(applied)
  if (applied.length < MIGRATIONS.length)
    throw new StorageError(
      applied.length === 0
        ? 'There are no tables of Snoop in this database. Name the database that the server uses.'
        : "The database's tables are of an older version of Snoop. Start the server of this version once, then try again.",
    )
}

function provide(types: ColumnTypes): MigrationProvider {
  const migrations = MIGRATIONS.map(({ name, up }) => [name, { up: (db: Kysely<unknown>) => up(db, types) }])
  return { getMigrations: async () => Object.fromEntries(migrations) }
}

function refuseUnknown(applied: readonly string[]): void {
  const unknown = applied.find(name => !MIGRATIONS.some(known => known.name === name))
  if (unknown === undefined) return
  throw new StorageError(
    `A newer version of Snoop has changed this database (${unknown}). Start that version, or restore a backup made before it.`,
  )
}

async function listApplied(db: Kysely<Database>): Promise<string[]> {
  try {
    const rows = await db
      .withTables<{ kysely_migration: { name: string } }>()
      .selectFrom('kysely_migration')
      .select('name')
      .execute()
    return rows.map(({ name }) => name)
  } catch (error) {
    if (isMissingTable(error)) return []
    throw error
  }
}
