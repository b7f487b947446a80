import { expect, test } from 'vitest'
import { createPaint, usesColor } from './color'

test.each<[string, boolean, Record<string, string>, boolean, boolean]>([
  ['a terminal', false, {}, true, true],
  ['a pipe', false, {}, false, false],
  ['a dumb terminal', false, { TERM: 'dumb' }, true, false],
  ['NO_COLOR', false, { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR', false, { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0', false, { FORCE_COLOR: '0' }, true, false],
  ['FORCE_COLOR before NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
  ['--no-color before all', true, { FORCE_COLOR: '1' }, true, false],
])('%s', (_, noColorFlag, env, isTTY, expected) => {
  expect(usesColor({ noColorFlag, env, isTTY })).toBe(expected)
})

test('styles do nothing where colour is off', async () => {
  expect((await createPaint(false)).red('x')).toBe('x')
  expect((await createPaint(true)).red('x')).toBe('\u001b[31mx\u001b[39m')
})
