import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { organizationRow, projectRow, userRow } from '../testing/rows'
import type { StorageEngine } from './engine'
import { findUniqueViolation } from './unique-violation'

describeOnEachEngine('a taken value', open => {
  let engine: StorageEngine

  beforeAll(async () => {
    engine = await open()
    await engine.db.insertInto('users').values(userRow('taken')).execute()
    await engine.db
      .insertInto('organizations')
      .values([organizationRow('taken'), organizationRow('other')])
      .execute()
    await engine.db.insertInto('projects').values(projectRow('taken', 'taken')).execute()
  })

  const insertUser = (values: object) => () =>
    engine.db
      .insertInto('users')
      .values({ ...userRow('new'), ...values })
      .execute()
  const insertProject = (organizationId: string, values: object) => () =>
    engine.db
      .insertInto('projects')
      .values({ ...projectRow(organizationId, 'new'), ...values })
      .execute()

  it.each([
    ['users', ['email'], insertUser({ email: 'taken' })],
    ['users', ['handle'], insertUser({ handle: 'taken' })],
    ['users', ['id'], insertUser({ id: 'taken' })],
    ['projects', ['organization_id', 'slug'], insertProject('taken', { slug: 'taken' })],
    ['projects', ['organization_id', 'id'], insertProject('taken', { id: 'taken' })],
    [
      'organizations',
      ['slug'],
      () => engine.db.updateTable('organizations').set({ slug: 'taken' }).where('id', '=', 'other').execute(),
    ],
  ])('is told by its table and columns: %s %j', async (table, columns, act) => {
    const error = await act().catch((thrown: unknown) => thrown)
    expect(findUniqueViolation(error)).toEqual({ table, columns })
  })

  it('in a returning statement of a transaction is told as well', async () => {
    const error = await engine
      .transaction(trx => trx.insertInto('users').values(userRow('taken')).returning('id').execute())
      .catch((thrown: unknown) => thrown)
    expect(findUniqueViolation(error)?.table).toBe('users')
  })

  it.each([
    ['a broken foreign key', insertProject('nowhere', {})],
    ['a missing value', insertUser({ email: null })],
    ['a value that the column does not allow', insertUser({ role: 'emperor' })],
  ])('is not what %s is called', async (_, act) => {
    const error = await act().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(findUniqueViolation(error)).toBeUndefined()
  })
})

it.each([new Error('UNIQUE'), 'UNIQUE constraint failed: users.email', undefined, null])(
  '%s is no violation',
  error => expect(findUniqueViolation(error)).toBeUndefined(),
)
