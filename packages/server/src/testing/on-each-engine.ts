import { afterAll, describe } from 'vitest'
import type { StorageEngine } from '../storage/engine'
import { openTestEngine } from './open-test-engine'
import { createTestDatabase, type EngineName, TEST_ENGINES } from './test-database'

/**
 * Runs a suite on SQLite and on PostgreSQL (where it is installed).
 * @param suite gets a function that opens a new, migrated database at each call; it is closed and dropped after the suite
 */
export function describeOnEachEngine(
  name: string,
  suite: (open: () => Promise<StorageEngine>, engine: EngineName) => void,
): void {
  describeOnEach(name, suite, async engineName => {
    const engine = await openTestEngine(engineName)
    return { value: engine, discard: () => engine.close() }
  })
}

/**
 * The same for tests that open the database themselves, such as those of the whole server.
 * @param suite gets a function that creates an empty database at each call and answers its address; it is dropped after
 *   the suite
 */
export function describeOnEachDatabase(
  name: string,
  suite: (createDatabase: () => Promise<string>, engine: EngineName) => void,
): void {
  describeOnEach(name, suite, async engineName => {
    const database = await createTestDatabase(engineName)
    return { value: database.url, discard: () => database.drop() }
  })
}

function describeOnEach<Value>(
  name: string,
  suite: (create: () => Promise<Value>, engine: EngineName) => void,
  create: (engine: EngineName) => Promise<{ value: Value; discard: () => Promise<void> }>,
): void {
  describe.each(TEST_ENGINES)(`${name} (%s)`, engine => {
    const discards: (() => Promise<void>)[] = []
    // Vitest runs such hooks in reverse, so whatever the suite itself has opened is closed by now.
    afterAll(async () => {
      for (const discard of discards.reverse()) await discard()
    })
    suite(async () => {
      const { value, discard } = await create(engine)
      discards.push(discard)
      return value
    }, engine)
  })
}
