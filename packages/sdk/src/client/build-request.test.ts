import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contract } from '../contract'
import { buildRawRequest, buildRequest } from './build-request'

const origin = new URL('https://auth.example.com')
const { projects, apiKeys, auth, user } = contract

/** Any text that can be one part of a path. */
const pathValue = fc.string({ unit: 'binary', minLength: 1 }).filter(text => text !== '.' && text !== '..')

describe('buildRequest', () => {
  test('splits the flat input into path, query and body by the schemas of the endpoint', () => {
    const update = buildRequest(origin, projects.update, {
      organizationId: 'o1',
      id: 'p1',
      name: 'N',
      website: null,
    })
    expect(update).toMatchObject({ method: 'PUT', body: '{"name":"N","website":null}' })
    expect(update.url.href).toBe('https://auth.example.com/api/user/organizations/o1/projects/p1')
    const list = buildRequest(origin, projects.list, {
      organizationId: 'o1',
      limit: 5,
      q: 'a b&c=d',
      offset: null,
    })
    expect(list.url.search).toBe('?offset=null&limit=5&q=a+b%26c%3Dd')
    expect(list.body).toBeUndefined()
  })

  test('leaves out what is undefined, and keeps null, false and 0', () => {
    const built = buildRequest(origin, apiKeys.update, {
      keyId: 'k',
      name: undefined,
      enabled: false,
      metadata: null,
      rateLimitMax: 0,
    })
    expect(built.body).toBe('{"keyId":"k","enabled":false,"metadata":null,"rateLimitMax":0}')
    expect(buildRequest(origin, projects.list, { organizationId: 'o', q: undefined }).url.search).toBe('')
  })

  test('sends an empty object where a body belongs, and nothing where none does', () => {
    expect(buildRequest(origin, user.update, {}).body).toBe('{}')
    expect(buildRequest(origin, auth.signOut, {}).body).toBeUndefined()
  })

  test.each([undefined, null, ''])('a missing path parameter (%j) is a TypeError that names it', value => {
    expect(() => buildRequest(origin, projects.get, { organizationId: 'o1', id: value })).toThrow(
      new TypeError('`id` is required'),
    )
  })

  test.each(['.', '..', '\ud800', {}, ['a'], Symbol('s')])('a path parameter cannot be %o', value => {
    expect(() => buildRequest(origin, projects.get, { organizationId: value, id: 'p' })).toThrow(
      new TypeError('`organizationId` cannot be part of a path'),
    )
  })

  test('a key that the endpoint does not have is a TypeError: a misspelt option is not silently dropped', () => {
    expect(() => buildRequest(origin, apiKeys.create, { name: 'ci', expiresin: 60 })).toThrow(
      new TypeError('`expiresin` is not an input of POST /api/auth/api-key/create'),
    )
    expect(() => buildRequest(origin, auth.signOut, { a: undefined })).not.toThrow()
  })

  test('whatever a path parameter is, the URL keeps its shape and the server decodes the same value', () => {
    fc.assert(
      fc.property(pathValue, pathValue, (organizationId, id) => {
        const { url } = buildRequest(origin, projects.get, { organizationId, id })
        expect(url.origin).toBe(origin.origin)
        expect([url.search, url.hash]).toEqual(['', ''])
        const parts = url.pathname.split('/')
        expect(parts).toHaveLength(7)
        expect(parts.slice(0, 4)).toEqual(['', 'api', 'user', 'organizations'])
        expect([decodeURIComponent(parts[4]!), parts[5], decodeURIComponent(parts[6]!)]).toEqual([
          organizationId,
          'projects',
          id,
        ])
      }),
    )
  })

  test('whatever a query value is, the server reads the same value and no other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (q, offset) => {
        const { url } = buildRequest(origin, projects.list, { organizationId: 'o', q, offset })
        expect([...new URL(url.href).searchParams]).toEqual([
          ['offset', String(offset)],
          ['q', q],
        ])
      }),
    )
  })

  test('whatever a body value is, the server reads the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), metadata => {
        const { body } = buildRequest(origin, apiKeys.create, { name: 'n', metadata })
        expect(JSON.parse(body!)).toEqual(JSON.parse(JSON.stringify({ name: 'n', metadata })))
      }),
    )
  })
})

describe('buildRawRequest', () => {
  test('takes any path of the server, with query and JSON body', () => {
    const built = buildRawRequest(origin, 'patch', '/api/x?a=1', {
      query: { b: 'c d', e: undefined },
      body: [1],
    })
    expect(built).toMatchObject({ method: 'PATCH', body: '[1]' })
    expect(built.url.href).toBe('https://auth.example.com/api/x?a=1&b=c+d')
  })

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    'api/x',
    '',
    '@evil.example',
    '/\t/evil.example',
  ])('refuses a path that leaves the server: %j', path => {
    expect(() => buildRawRequest(origin, 'GET', path, {})).toThrow(TypeError)
  })

  test.each(['', 'GET /', 'G\r\nET', 'get1'])('refuses a method that is no word: %j', method => {
    expect(() => buildRawRequest(origin, method, '/', {})).toThrow(
      new TypeError('The method must be a word such as GET'),
    )
  })

  test('no path, however odd, reaches another origin', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webPath(), fc.string({ unit: 'binary' }), fc.webUrl()), tail => {
        for (const path of [tail, `/${tail}`, `//${tail}`, `/\\${tail}`]) {
          let built: URL
          try {
            built = buildRawRequest(origin, 'GET', path, {}).url
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError)
            continue
          }
          expect(built.origin).toBe(origin.origin)
        }
      }),
    )
  })
})
