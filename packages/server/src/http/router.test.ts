import fc from 'fast-check'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import { describe, expect, test } from 'vitest'
import { Router } from './router'

const routerOf = (...routes: readonly (readonly [method: string, pattern: string])[]): Router<string> => {
  const router = new Router<string>()
  for (const [method, pattern] of routes) router.add(method, pattern, `${method} ${pattern}`)
  return router
}

describe('next to find-my-way', () => {
  const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const
  const WORDS = ['a', 'b', 'ab', 'a-b', 'a.b', 'a_b', 'é', '1']

  const patternSegment = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
    // One name at each depth: find-my-way refuses a second one in the same place.
    { weight: 2, arbitrary: fc.constant(':') },
  )
  const pattern = fc
    .array(patternSegment, { minLength: 1, maxLength: 4 })
    .map(
      segments =>
        `/${segments.map((segment, depth) => (segment === ':' ? `:p${depth}` : segment)).join('/')}`,
    )
  const routes = fc.uniqueArray(fc.tuple(fc.constantFrom(...METHODS), pattern), {
    maxLength: 12,
    selector: route => route.join(' '),
  })

  const escaped = (text: string) =>
    [...new TextEncoder().encode(text)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const pathSegment = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 2, arbitrary: fc.constantFrom(...WORDS).map(escaped) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('%2F', '%2f..', '%25', '%2561', '%00', '%', '%zz', '%ff', '%E9', '%41'),
    },
    { weight: 1, arbitrary: fc.constantFrom('', '.', '..', 'A', ':p1', '*', ' ', '+', ';', '~') },
  )
  const path = fc.array(pathSegment, { maxLength: 5 }).map(segments => `/${segments.join('/')}`)

  test('it finds the same route with the same parameters, but never an empty parameter', () => {
    fc.assert(
      fc.property(routes, fc.array(path, { minLength: 1, maxLength: 8 }), (table, paths) => {
        const theirs = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 1000 })
        const ours = new Router<string>()
        for (const [method, pattern] of table) {
          theirs.on(method, pattern, () => {}, `${method} ${pattern}`)
          ours.add(method, pattern, `${method} ${pattern}`)
        }
        for (const path of paths) {
          const known: string[] = []
          for (const method of METHODS) {
            const expected = theirs.find(method as HTTPMethod, path)
            const match = ours.find(method, path)
            const isEmptyParam = Object.values(expected?.params ?? {}).includes('')
            if (match.outcome === 'found') {
              known.push(method)
              expect(Object.values(match.params)).not.toContain('')
              if (!isEmptyParam) expect(match.value).toBe(expected?.store)
              if (!isEmptyParam) expect({ ...match.params }).toEqual({ ...expected?.params })
            } else if (!isEmptyParam) expect(expected).toBeNull()
          }
          const extra = known.length === 0 ? [] : known.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS']
          expect([...ours.methodsOf(path)].sort()).toEqual([...known, ...extra].sort())
          expect(ours.find('PATCH', path).outcome).toBe(known.length > 0 ? 'method_not_allowed' : 'not_found')
          expect(ours.find('HEAD', path)).toEqual(ours.find('GET', path))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a path', () => {
  const router = routerOf(
    ['GET', '/things'],
    ['POST', '/things'],
    ['GET', '/things/:id'],
    ['DELETE', '/things/:id'],
    ['GET', '/things/mine'],
    ['GET', '/things/:id/parts/:part'],
  )
  const found = (method: string, path: string) => {
    const match = router.find(method, path)
    return match.outcome === 'found' ? [match.value, { ...match.params }] : match.outcome
  }

  test.each([
    ['GET', '/things', ['GET /things', {}]],
    ['GET', '/things/', ['GET /things', {}]],
    ['HEAD', '/things', ['GET /things', {}]],
    ['GET', '/%74hings', ['GET /things', {}]],
    ['GET', '/things/a%2Fb', ['GET /things/:id', { id: 'a/b' }]],
    ['GET', '/things/%00', ['GET /things/:id', { id: '\0' }]],
    ['GET', '/things/__proto__', ['GET /things/:id', { id: '__proto__' }]],
    ['GET', '/things/mine', ['GET /things/mine', {}]],
    ['DELETE', '/things/mine', ['DELETE /things/:id', { id: 'mine' }]],
    ['GET', '/things/mine/parts/1/', ['GET /things/:id/parts/:part', { id: 'mine', part: '1' }]],
    ['PATCH', '/things/mine', 'method_not_allowed'],
    ['', '/things', 'method_not_allowed'],
    ['GET', '/Things', 'not_found'],
    ['GET', '//things', 'not_found'],
    ['GET', '/things//', 'not_found'],
    ['GET', '/things/1//', 'not_found'],
    ['GET', '/things//parts/1', 'not_found'],
    ['GET', '/things/%', 'not_found'],
    ['GET', '/things/%ff', 'not_found'],
    ['GET', '/', 'not_found'],
    ['GET', '', 'not_found'],
    ['GET', '*', 'not_found'],
    ['GET', 'x/things', 'not_found'],
    ['GET', 'http://elsewhere/things', 'not_found'],
  ])('%s %s', (method, path, expected) => {
    expect(found(method, path)).toEqual(expected)
  })

  test('knows the methods of every route that fits it', () => {
    expect(router.methodsOf('/things/mine')).toEqual(['GET', 'DELETE', 'HEAD', 'OPTIONS'])
    expect(router.methodsOf('/nothing')).toEqual([])
    expect(router.methodsOf('*')).toEqual([])
  })

  test('has parameters without a prototype, whose names cannot be those of its methods', () => {
    const match = routerOf(['GET', '/:__proto__/:constructor']).find('GET', '/a/b')
    expect(match.outcome === 'found' && Object.entries(match.params)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })
})

test('a route cannot be registered twice', () => {
  expect(() => routerOf(['GET', '/a/:b'], ['GET', '/a/:c'])).toThrow('GET /a/:c is registered twice')
})
