import { API_KEY_STATES, KEY_FORMAT_NAMES } from '@snoop/sdk/contract'
import { expect, test } from 'vitest'
import * as words from './key-words'

test('the words of the help are those of the SDK', () => {
  expect(words.KEY_FORMAT_NAMES).toEqual(KEY_FORMAT_NAMES)
  expect(words.API_KEY_STATES).toEqual(API_KEY_STATES)
})
