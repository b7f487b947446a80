import { type Kysely, type MigrationProvider, Migrator } from 'kysely'
import { MIGRATIONS } from './migrations/index'
import type { ColumnTypes } from './migrations/migration'
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
  const unknown = await findUnknownMigration(db)
  if (unknown === undefined)
    throw new StorageError("The database's tables could not be brought up to date.", { cause: error })
  throw new StorageError(
    `A newer version of Snoop has changed this database (${unknown}). Start that version, or restore a backup made before it.`,
  )
}

function provide(types: ColumnTypes): MigrationProvider {
  const migrations = MIGRATIONS.map(({ name, up }) => [name, { up: (db: Kysely<unknown>) => up(db, types) }])
  return { getMigrations: async () => Object.fromEntries(migrations) }
}

async function findUnknownMigration(db: Kysely<Database>): Promise<string | undefined> {
  const applied = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
    .catch(() => [])
  return applied.find(({ name }) => !MIGRATIONS.some(known => known.name === name))?.name
}
