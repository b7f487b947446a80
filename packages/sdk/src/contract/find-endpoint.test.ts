import { expect, test } from 'vitest'
import { contract, findEndpoint } from '.'

test('a request leads to the endpoint of its method and path', () => {
  expect(findEndpoint('GET', '/websites/7')).toBe(contract.snaptrack.getWebsite)
  expect(findEndpoint('DELETE', '/websites/7')).toBe(contract.snaptrack.deleteWebsite)
  expect(findEndpoint('GET', '/websites/7/8')).toBeUndefined()
  expect(findEndpoint('GET', '/websites/')).toBeUndefined()
})

test('a surface that is in a second place is found there, and no other one', () => {
  expect(findEndpoint('GET', '/api/websites/7')).toBe(contract.snaptrack.getWebsite)
  expect(findEndpoint('GET', '/api/urls')).toBe(contract.snipy.listUrls)
  expect(findEndpoint('GET', '/api/api/urls')).toBeUndefined()
  expect(findEndpoint('GET', '/api/v1/posts')).toBeUndefined()
})
