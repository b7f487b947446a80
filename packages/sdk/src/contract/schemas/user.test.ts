import { describe, expect, it } from 'vitest'
import { handleSchema } from './user'

describe('a handle', () => {
  it.each([
    ['ada', 'ada'],
    [' Ada-Lovelace ', 'ada-lovelace'],
    ['a_1-b', 'a_1-b'],
    ['1st', '1st'],
    ['x'.repeat(30), 'x'.repeat(30)],
  ])('may be %j', (given, handle) => expect(handleSchema.parse(given)).toBe(handle))

  const shape = 'Must be 3 to 30 letters, digits, _ or -, with a letter or digit at both ends'
  it.each([
    ['', shape],
    ['ab', shape],
    ['x'.repeat(31), shape],
    ['-ada', shape],
    ['ada_', shape],
    ['a da', shape],
    ['a.da', shape],
    ['аda', shape],
    ['ada\0', shape],
    ['ada\nlovelace', shape],
    ['ada--lovelace', 'Must not have two of _ and - in a row'],
    ['ada_-lovelace', 'Must not have two of _ and - in a row'],
    ['12345', 'Must have a letter in it'],
    ['2026-04-05', 'Must have a letter in it'],
  ])('must not be %j', (given, message) => {
    expect(handleSchema.safeParse(given).error?.issues.map(issue => issue.message)).toEqual([message])
  })
})
