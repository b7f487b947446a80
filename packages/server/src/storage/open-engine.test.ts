import { expect, it } from 'vitest'
import { organizationRow } from '../testing/rows'
import { openEngine } from './open-engine'

it.each([
  '',
  'mysql://root:hunter2@host/db',
  'hunter2',
  'sqlite:',
  'postgres://u:hunter2@host:port/db',
  'SQLITE:/x',
])('refuses the address %j without repeating it', async database => {
  const error = await openEngine({ database }).catch((thrown: unknown) => thrown)
  expect(String(error)).toMatch(/^StorageError: The address of the/)
  expect(JSON.stringify(describeFully(error))).not.toContain('hunter2')
})

it('keeps a database in memory for as long as it is open', async () => {
  const engine = await openEngine({ database: 'sqlite::memory:' })
  await engine.migrate()
  const row = organizationRow('a')
  await engine.transaction(trx => trx.insertInto('organizations').values(row).execute())
  expect({ ...(await engine.prepare<object>('select * from organizations')()) }).toEqual(row)
  expect(await engine.db.selectFrom('organizations').select('id').execute()).toHaveLength(1)
  await engine.close()
})

function describeFully(error: unknown): unknown {
  return error instanceof Error
    ? { ...error, message: error.message, stack: error.stack, cause: describeFully(error.cause) }
    : error
}
