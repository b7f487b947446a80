import type { StorageEngine } from '../storage/engine'
import { openEngine } from '../storage/open-engine'
import { createTestDatabase, type EngineName } from './test-database'
import './guard-tenants'

/** A new, migrated database, which is dropped by `close()`. */
export async function openTestEngine(name: EngineName): Promise<StorageEngine> {
  const database = await createTestDatabase(name)
  const engine = await openEngine({ database: database.url })
  await engine.migrate()
  return {
    ...engine,
    close: async () => {
      await engine.close()
      await database.drop()
    },
  }
}
