import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadSqliteBinding, type SqliteBinding } from './sqlite-binding'
import { SqliteConnection } from './sqlite-connection'

let binding: SqliteBinding
let compiled: string[]
let connection: SqliteConnection

beforeAll(async () => {
  binding = await loadSqliteBinding()
  compiled = []
  class Watched extends binding.DatabaseSync {
    override prepare(sql: string) {
      compiled.push(sql)
      return super.prepare(sql)
    }
  }
  connection = new SqliteConnection({ DatabaseSync: Watched }, ':memory:', { readOnly: false })
})
afterAll(() => connection.close())

it('compiles a statement once, until 256 others have pushed it out', () => {
  const run = (number: number) => connection.run(`select ${number} as n`, [])
  run(0)
  run(0)
  expect(compiled).toEqual(['select 0 as n'])
  for (let number = 1; number < 256; number += 1) run(number)
  run(0)
  expect(compiled).toHaveLength(256)
  run(256) // pushes out 1, which was not used for longest
  run(0)
  expect(compiled).toHaveLength(257)
  run(1)
  expect(compiled).toHaveLength(258)
})

it.each([
  [7, 2, 3],
  [-7, 2, -3],
])('divides whole numbers as PostgreSQL does: %i / %i = %i', (a, b, expected) => {
  expect(connection.run<{ q: number }>('select ? / ? as q', [a, b]).rows[0]?.q).toBe(expected)
})

it('keeps fractions, texts and null as they are', () => {
  const { rows } = connection.run<object>('select ? as a, ? as b, ? as c', [0.5, 'ä', null])
  expect({ ...rows[0] }).toEqual({ a: 0.5, b: 'ä', c: null })
})
