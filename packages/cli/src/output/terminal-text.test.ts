import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonText, terminalSafe, terminalSafeLine, tsvCell } from './terminal-text'

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007', 'link'],
  ['a\u009b31mb', 'ab'],
  ['back\b\b\b\bspace', 'backspace'],
  ['over\rwritten', 'overwritten'],
  ['abc\u202edcb', 'abcdcb'],
  ['new\nline\tkept', 'new\nline\tkept'],
])('%j becomes %j', (text, safe) => {
  expect(terminalSafe(text)).toBe(safe)
})

test('no text whatever leaves a steering character', () => {
  const steering = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(terminalSafe(text)).not.toMatch(steering)
      expect(terminalSafeLine(text)).not.toMatch(/[\n\t]/)
      expect(tsvCell(text)).not.toMatch(/[\n\r\t]/)
    }),
  )
})

test('JSON says the same with its steering characters escaped', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const printed = jsonText({ text }, 0)
      expect(JSON.parse(printed)).toEqual({ text })
      expect(printed).not.toMatch(/\p{Cc}|[\u202a-\u202e]/u)
    }),
  )
})
