import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { organizationRow, projectRow, userRow } from '../testing/rows'
import type { StorageEngine } from './engine'

describeOnEachEngine('an engine', open => {
  let engine: StorageEngine

  beforeAll(async () => {
    engine = await open()
    await engine.db.insertInto('organizations').values(organizationRow('tenant')).execute()
    await engine.db.insertInto('users').values(userRow('counter')).execute()
  })

  const readCount = async (): Promise<number> => {
    const { updated_at } = await engine.db
      .selectFrom('users')
      .select('updated_at')
      .where('id', '=', 'counter')
      .executeTakeFirstOrThrow()
    return updated_at
  }

  it.each([
    ['the largest safe number', { created_at: Number.MAX_SAFE_INTEGER, updated_at: Number.MIN_SAFE_INTEGER }],
    ['no value', { website: null, created_by_user_id: null }],
    ['an empty text', { website: '', description: '' }],
    [
      'letters of any language',
      { name: 'Größe Ωmega 東京 👩‍👩‍👧 e\u0301', description: "'; drop table users; --\n\t\\" },
    ],
    ['JSON', { business_context: JSON.stringify({ a: [1, null, 'ü"\\'], b: { c: true } }) }],
    ['a long text', { description: 'x'.repeat(100_000) }],
  ])('gives %s back as it was', async (what, values) => {
    const row = { ...projectRow('tenant', `round-trip-${what}`), ...values }
    await engine.db.insertInto('projects').values(row).execute()
    const query = engine.db.selectFrom('projects').selectAll().where('id', '=', row.id)
    expect({ ...(await query.executeTakeFirst()) }).toEqual(row)
    expect({ ...(await engine.prepare<object>('select * from projects where id = ?')(row.id)) }).toEqual(row)
  })

  it('answers counts, sums and quotients as the same numbers', async () => {
    const { rows } = await sql<{ count: number; sum: number; half: number }>`
      select count(*) as count, sum(v.n) as sum, cast(${5} as bigint) / 2 as half
      from (select cast(${2} as bigint) as n union all select 3) as v`.execute(engine.db)
    expect(rows.map(row => ({ ...row }))).toEqual([{ count: 2, sum: 5, half: 2 }])
  })

  it('counts the rows that a change touched, with or without returning', async () => {
    await engine.db
      .insertInto('users')
      .values([userRow('touched-1'), userRow('touched-2')])
      .execute()
    const touched = engine.db.updateTable('users').set({ role: 'admin' }).where('id', 'like', 'touched-%')
    expect((await touched.executeTakeFirst()).numUpdatedRows).toBe(2n)
    expect((await engine.db.executeQuery(touched.returning('id'))).numAffectedRows).toBe(2n)
    const removed = await engine.db.deleteFrom('users').where('id', 'like', 'touched-%').executeTakeFirst()
    expect(removed.numDeletedRows).toBe(2n)
  })

  it('sorts text by its bytes', async () => {
    const names = ['b', 'B', 'a', 'Z', '_', 'ä']
    await engine.db
      .insertInto('projects')
      .values(names.map((name, index) => ({ ...projectRow('tenant', `sorted-${index}`), name })))
      .execute()
    const rows = await engine.db
      .selectFrom('projects')
      .select('name')
      .where('id', 'like', 'sorted-%')
      .orderBy('name')
      .execute()
    expect(rows.map(({ name }) => name)).toEqual(['B', 'Z', '_', 'a', 'b', 'ä'])
  })

  it('keeps the other words of a select that locks its rows', async () => {
    await engine.db
      .insertInto('projects')
      .values([1, 2].map(number => ({ ...projectRow('tenant', `twin-${number}`), name: 'twin' })))
      .execute()
    const twins = engine.db.selectFrom('projects').select('name').where('name', '=', 'twin')
    expect(await twins.distinct().execute()).toHaveLength(1)
    const locked = engine.transaction(trx =>
      trx
        .selectFrom('projects')
        .select('id')
        .where('name', '=', 'twin')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .execute(),
    )
    expect((await locked).map(({ id }) => id)).toEqual(['twin-1'])
  })

  it('rolls a transaction back when its work throws', async () => {
    const work = engine.transaction(async trx => {
      await trx.insertInto('users').values(userRow('rolled-back')).execute()
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    const users = engine.db.selectFrom('users').selectAll().where('id', '=', 'rolled-back')
    expect(await users.execute()).toEqual([])
  })

  it('rolls a transaction back when a statement of it fails', async () => {
    const work = engine.transaction(async trx => {
      await trx.insertInto('users').values(userRow('half-done')).execute()
      await trx.insertInto('users').values(userRow('half-done')).execute()
    })
    await expect(work).rejects.toThrow()
    const users = engine.db.selectFrom('users').selectAll().where('id', '=', 'half-done')
    expect(await users.execute()).toEqual([])
  })

  it('hides a transaction from everybody else until it is committed', async () => {
    const find = engine.prepare<{ id: string }>('select id from users where id = ?')
    await engine.transaction(async trx => {
      await trx.insertInto('users').values(userRow('uncommitted')).execute()
      expect(await find('uncommitted')).toBeUndefined()
      const others = engine.db.selectFrom('users').select('id').where('id', '=', 'uncommitted')
      expect(await others.execute()).toEqual([])
    })
    expect({ ...(await find('uncommitted')) }).toEqual({ id: 'uncommitted' })
  })

  it("keeps a statement out of another request's transaction", async () => {
    const started = withResolvers()
    const failing = engine.transaction(async trx => {
      await trx.insertInto('users').values(userRow('first')).execute()
      started.resolve()
      await trx.selectFrom('users').selectAll().execute()
      throw new Error('roll back')
    })
    await started.promise
    const insert = engine.db.insertInto('users').values(userRow('bystander')).execute()
    await expect(failing).rejects.toThrow('roll back')
    await insert
    const kept = engine.db.selectFrom('users').select('id').where('id', 'in', ['first', 'bystander'])
    expect((await kept.execute()).map(({ id }) => id)).toEqual(['bystander'])
  })

  it('loses none of 200 transactions that count at once', async () => {
    const before = await readCount()
    await Promise.all(
      Array.from({ length: 200 }, () =>
        engine.transaction(async trx => {
          const counter = trx.selectFrom('users').select('updated_at').where('id', '=', 'counter').forUpdate()
          const { updated_at } = await counter.executeTakeFirstOrThrow()
          await trx
            .updateTable('users')
            .set({ updated_at: updated_at + 1 })
            .where('id', '=', 'counter')
            .execute()
        }),
      ),
    )
    expect(await readCount()).toBe(before + 200)
  })

  it('shows a committed row to a prepared query at once', async () => {
    const find = engine.prepare<{ name: string }>(
      "select name from organizations where slug = ? and name <> '?'",
    )
    for (let index = 0; index < 50; index += 1) {
      await engine.db
        .insertInto('organizations')
        .values(organizationRow(`seen-${index}`))
        .execute()
      expect((await find(`seen-${index}`))?.name).toBe(`seen-${index}`)
    }
  })

  it('takes several parameters and null in a prepared query, and answers nothing by undefined', async () => {
    const query = engine.prepare<{ name: string }>(
      'select name from organizations where slug = ? and created_at >= ?',
    )
    expect((await query('tenant', 0))?.name).toBe('tenant')
    expect(await query('tenant', 1)).toBeUndefined()
    expect(await query(null, 0)).toBeUndefined()
  })

  it.each([
    ['a membership', { organization_id: 'tenant', user_id: 'nobody' }],
    ['a membership', { organization_id: 'nowhere', user_id: 'counter' }],
  ])('refuses %s of what does not exist', async (_, ids) => {
    const row = { id: 'm', role: 'member', created_at: 0, updated_at: 0, ...ids }
    await expect(engine.db.insertInto('memberships').values(row).execute()).rejects.toThrow(/foreign key/i)
  })

  it('removes with a user what belongs to the user, and keeps the projects', async () => {
    await engine.db.insertInto('users').values(userRow('leaver')).execute()
    const membership = { organization_id: 'tenant', id: 'm1', user_id: 'leaver', role: 'member' }
    await engine.db
      .insertInto('memberships')
      .values({ ...membership, created_at: 0, updated_at: 0 })
      .execute()
    const project = { ...projectRow('tenant', 'kept'), created_by_user_id: 'leaver' }
    await engine.db.insertInto('projects').values(project).execute()
    await engine.db.deleteFrom('users').where('id', '=', 'leaver').execute()
    expect(await engine.db.selectFrom('memberships').selectAll().execute()).toEqual([])
    const kept = engine.db.selectFrom('projects').select('created_by_user_id').where('id', '=', 'kept')
    expect({ ...(await kept.executeTakeFirst()) }).toEqual({ created_by_user_id: null })
  })

  it('answers a ping', async () => {
    await expect(engine.ping()).resolves.toBeUndefined()
  })
})

describeOnEachEngine('a closed engine', open => {
  let engine: StorageEngine
  let find: (id: string) => unknown

  beforeAll(async () => {
    engine = await open()
    find = engine.prepare('select id from users where id = ?')
    await find('warm')
    await engine.db.selectFrom('users').selectAll().execute()
    await engine.close()
  })

  it.each<[string, () => unknown]>([
    ['a read', () => engine.db.selectFrom('users').selectAll().execute()],
    ['a write', () => engine.db.insertInto('users').values(userRow('late')).execute()],
    ['a transaction', () => engine.transaction(trx => trx.selectFrom('users').selectAll().execute())],
    ['a prepared query', () => find('late')],
    ['a new prepared query', () => engine.prepare('select 1 as one')()],
    ['a ping', () => engine.ping()],
  ])('refuses %s', async (_, act) => {
    await expect((async () => act())()).rejects.toThrow('The database is closed.')
  })

  it('may be closed again', async () => {
    await expect(engine.close()).resolves.toBeUndefined()
  })
})

describeOnEachEngine('closing an engine', open => {
  it('waits for the transaction under way', async () => {
    const engine = await open()
    const order: string[] = []
    const started = withResolvers()
    const work = engine.transaction(async trx => {
      await trx.insertInto('users').values(userRow('late')).execute()
      started.resolve()
      await trx.selectFrom('users').selectAll().execute()
      order.push('committed')
    })
    await started.promise
    await Promise.all([work, engine.close().then(() => order.push('closed'))])
    expect(order).toEqual(['committed', 'closed'])
  })
})

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
