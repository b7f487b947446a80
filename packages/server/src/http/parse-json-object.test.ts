import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJsonObject } from './parse-json-object'

const refusal = expect.objectContaining({ code: 'MALFORMED_JSON' })
const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`

test('a JSON object is what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), value => {
      fc.pre(!/__proto__|constructor/.test(JSON.stringify(value)))
      const text = JSON.stringify(value)
      expect(parseJsonObject(text)).toEqual(JSON.parse(text))
    }),
  )
})

test.each([
  ['nothing', ''],
  ['blanks', ' \n'],
  ['a list', '[]'],
  ['a list of objects', '[{}]'],
  ['a number', '1'],
  ['a text', '"{}"'],
  ['null', 'null'],
  ['true', 'true'],
  ['two objects', '{}{}'],
  ['an open object', '{"a":1'],
  ['a trailing comma', '{"a":1,}'],
  ['a comment', '{/**/}'],
  ['single quotes', "{'a':1}"],
  ['NaN', '{"a":NaN}'],
  ['a byte order mark', '\ufeff{}'],
  ['a raw null byte', '{"a":"\0"}'],
  ['65 levels', nested(65)],
  ['100 000 levels', nested(100_000)],
  ['100 000 levels of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
])('%s is refused', (_, text) => {
  expect(() => parseJsonObject(text)).toThrow(refusal)
})

test('64 levels are taken', () => {
  expect(parseJsonObject(nested(64))).toEqual(JSON.parse(nested(64)))
})

describe('a name that could change other objects never gets through', () => {
  test.each([
    '{"__proto__":{"admin":true},"a":1}',
    '{"\\u005f_proto__":{"admin":true},"a":1}',
    '{"constructor":{"prototype":{"admin":true}},"a":1}',
    '{"constructor":"text","a":1}',
    '{"a":1,"__proto__":null,"constructor":1,"__proto__":2}',
  ])('%s', text => {
    const value = parseJsonObject(text)
    expect(Object.entries(value)).toEqual([['a', 1]])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  test('at any depth, in lists too', () => {
    const text = '{"a":[{"__proto__":1,"b":{"constructor":1,"c":[[{"__proto__":{},"d":2}]]}}]}'
    expect(JSON.stringify(parseJsonObject(text))).toBe('{"a":[{"b":{"c":[[{"d":2}]]}}]}')
  })
})
