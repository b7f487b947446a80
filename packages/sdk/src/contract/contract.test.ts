import { describe, expect, test } from 'vitest'
import { ERROR_CATALOGUE, ERROR_CODES, listEndpoints, pagingQuery } from '.'

const keysOf = (schema: { shape: object } | undefined): string[] => Object.keys(schema?.shape ?? {})

describe.each(listEndpoints().map(entry => [entry.name, entry.endpoint] as const))('%s', (_, endpoint) => {
  test('names of params, query and body never collide, as callers pass them in one object', () => {
    const names = [...keysOf(endpoint.params), ...keysOf(endpoint.query), ...keysOf(endpoint.body)]
    expect(names).toEqual([...new Set(names)])
  })

  test('every parameter in the path has an entry in params, and the other way round', () => {
    const inPath = [...endpoint.path.matchAll(/:(\w+)/g)].map(match => match[1])
    expect(keysOf(endpoint.params).sort()).toEqual(inPath.sort())
  })

  test('a list takes the paging query, and of the native API only a list does', () => {
    const queryKeys = keysOf(endpoint.query)
    const paging = keysOf(pagingQuery())
    if (endpoint.paged) expect(queryKeys).toEqual(expect.arrayContaining(paging))
    else if (!endpoint.dialect) expect(queryKeys.filter(key => paging.includes(key))).toEqual([])
  })

  test('an organization route names its organization in the path', () => {
    expect(endpoint.path.includes('/:organizationId')).toBe(endpoint.access.kind === 'organization')
  })

  test('its error codes exist and none is named twice', () => {
    expect(ERROR_CODES).toEqual(expect.arrayContaining([...endpoint.errors]))
    expect(endpoint.errors).toEqual([...new Set(endpoint.errors)])
  })

  test('only writes have a body', () => {
    expect(endpoint.method === 'GET' && endpoint.body !== undefined).toBe(false)
  })

  test('summary and message are single lines that end without a full stop', () => {
    for (const text of [endpoint.summary, endpoint.message]) expect(text).toMatch(/^[A-Z].*[^.\s]$/)
  })
})

test('no two endpoints share method and path', () => {
  const routes = listEndpoints().map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`)
  expect(routes).toEqual([...new Set(routes)])
})

test('every error has an error status, words and a remedy', () => {
  for (const { status, message, remedy } of Object.values(ERROR_CATALOGUE)) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(message).toMatch(/^[A-Z].*\S$/)
    expect(remedy).toMatch(/^[A-Z].*\.$/)
  }
})
