import { type PermissionMap, RESOURCE_ACTIONS, ROW_FIELDS } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithinMap } from './is-within-map'

const RESOURCES = ['posts', 'comments', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
const FIELDS = ['title', 'body', 'id', 'created_at', 'updated_at', 'constructor', '__proto__']
const actions = fc.dictionary(fc.constantFrom(...RESOURCE_ACTIONS), fc.subarray(FIELDS))
const maps = fc.option(
  fc.dictionary(fc.constantFrom(...RESOURCES), actions),
) as fc.Arbitrary<PermissionMap | null>

/** Every single thing that a map allows, said as text. */
const allowed = (map: PermissionMap | null): Set<string> => {
  const things = new Set<string>()
  for (const [resource, given] of Object.entries(map ?? {})) {
    for (const [action, fields] of Object.entries(given)) {
      things.add(`${action} rows of ${resource}`)
      for (const field of fields) things.add(`${action} ${field} of ${resource}`)
      if (action === 'read') for (const field of ROW_FIELDS) things.add(`read ${field} of ${resource}`)
    }
  }
  return things
}

describe('a permission map is within another', () => {
  it('if there is nothing that it alone allows', () => {
    let within = 0
    fc.assert(
      fc.property(maps, maps, (child, maker) => {
        const held = allowed(maker)
        const expected = [...allowed(child)].every(thing => held.has(thing))
        if (expected) within++
        expect(isWithinMap(child, maker)).toBe(expected)
      }),
      { numRuns: 3000 },
    )
    expect(within).toBeGreaterThan(100)
  })

  it('if it is a part of it, in whatever order', () => {
    fc.assert(
      fc.property(maps, fc.nat(), (maker, seed) => {
        const child = Object.fromEntries(
          Object.entries(maker ?? {})
            .reverse()
            .filter((_, index) => (seed >> index) % 2 === 0)
            .map(([name, given]) => [
              name,
              Object.fromEntries(
                Object.entries(given).map(([action, fields]) => [
                  action,
                  [...fields].reverse().slice(seed % 3),
                ]),
              ),
            ]),
        )
        expect(isWithinMap(child, maker)).toBe(true)
      }),
    )
  })

  it('never by what every object has', () => {
    const inherited = JSON.parse('{"__proto__":{"read":["title"]}}') as PermissionMap
    expect(isWithinMap(inherited, {})).toBe(false)
    expect(isWithinMap({ posts: { read: ['title'] } }, inherited)).toBe(false)
    for (const name of ['constructor', 'toString', 'valueOf']) {
      expect(isWithinMap({ [name]: { read: [] } }, {})).toBe(false)
      expect(isWithinMap({ posts: { [name]: [] } } as PermissionMap, { posts: {} })).toBe(false)
    }
  })

  it('without any, gives and has nothing', () => {
    expect(isWithinMap(null, null)).toBe(true)
    expect(isWithinMap(null, { posts: { read: [] } })).toBe(true)
    expect(isWithinMap({}, null)).toBe(true)
    expect(isWithinMap({ posts: {} }, null)).toBe(true)
    expect(isWithinMap({ posts: { read: [] } }, null)).toBe(false)
  })
})
