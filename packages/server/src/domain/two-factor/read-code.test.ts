import { expect, it } from 'vitest'
import { readCode } from './read-code'

it.each([
  ['123456', 'totp', '123456'],
  [' 123 456\n', 'totp', '123456'],
  ['1234567', 'backup-code', '1234567'],
  ['12345', 'backup-code', '12345'],
  ['abcde-12345', 'backup-code', 'abcde-12345'],
  ['ab cde', 'backup-code', 'abcde'],
  ['', 'backup-code', ''],
])('%j is read as %s', (typed, factor, code) => {
  expect(readCode(typed)).toEqual({ factor, code })
})
