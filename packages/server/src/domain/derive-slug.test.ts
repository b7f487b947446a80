import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveSlug } from './derive-slug'

describe('a slug from a name', () => {
  it.each([
    ['Ada Lovelace', 'ada-lovelace'],
    ['Café Zoé & Co', 'cafe-zoe-co'],
    ['  --Hello__World!!  ', 'hello-world'],
    ['ﬁnance ①', 'finance-1'],
    ['東京', 'fallback'],
    ['', 'fallback'],
    ['---', 'fallback'],
    ['👩‍👩‍👧', 'fallback'],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
    ['a'.repeat(100), 'a'.repeat(40)],
  ])('of %j is %j', (name, slug) => expect(deriveSlug(name, 'fallback')).toBe(slug))

  it('is always one that the contract takes, with room for a number behind it', () => {
    const names = fc.oneof(fc.string({ maxLength: 100 }), fc.string({ unit: 'binary', maxLength: 100 }))
    fc.assert(
      fc.property(names, name => {
        expect(deriveSlug(name, 'project')).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/)
      }),
    )
  })
})
