import { expect, it } from 'vitest'
import { BASE62, randomBase62 } from './random-base62'

it('every character comes of as many bytes as any other', () => {
  const counts = new Map<string, number>()
  for (let byte = 0; byte < 256; byte++) {
    const [character = ''] = randomBase62(1, drawing([byte, 0]))
    counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  // Eight bytes are drawn anew, here as the first character.
  expect(counts).toEqual(new Map([...BASE62].map((character, n) => [character, n === 0 ? 12 : 4])))
})

it('is as long as was asked for, however many bytes are of no use', () => {
  expect(randomBase62(3, drawing([255, 1, 248, 250, 2, 251, 3, 4, 5]))).toBe('123')
  expect(randomBase62(0, drawing([]))).toBe('')
})

/** Answers with these bytes one after the other. */
function drawing(bytes: number[]): (size: number) => Buffer {
  return size => Buffer.from(bytes.splice(0, size))
}
