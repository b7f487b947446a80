import { expect, test } from 'vitest'
import { tableLines } from './table'

test('columns are aligned by what is seen, wide characters too', () => {
  const rows = [
    ['NAME', 'ID'],
    ['日本', '1'],
    ['a', '2'],
  ]
  expect(tableLines(rows, [false, false], 80)).toEqual(['NAME  ID', '日本  1', 'a     2'])
})

test('what does not fit is cut where it may be cut, and nowhere else', () => {
  const rows = [
    ['ID', 'TEXT'],
    ['01HZ3K5R4X9Y2V6QF8TJ7W0CDN', 'a long text that goes on and on'],
  ]
  expect(tableLines(rows, [false, true], 40)).toEqual([
    'ID                          TEXT',
    '01HZ3K5R4X9Y2V6QF8TJ7W0CDN  a long text…',
  ])
  expect(tableLines(rows, [false, false], 10)[1]).toContain('goes on and on')
})
