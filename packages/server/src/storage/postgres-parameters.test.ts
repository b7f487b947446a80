import { expect, it } from 'vitest'
import { numberParameters } from './postgres-parameters'

it.each([
  ['select 1', 'select 1'],
  ['select * from t where a = ? and b in (?, ?)', 'select * from t where a = $1 and b in ($2, $3)'],
  ["select '?' || ?", "select '?' || $1"],
  ["select 'it''s ?' || ?", "select 'it''s ?' || $1"],
  ['select "a?" from t where b = ?', 'select "a?" from t where b = $1'],
])('%s → %s', (sql, expected) => {
  expect(numberParameters(sql)).toBe(expected)
})
