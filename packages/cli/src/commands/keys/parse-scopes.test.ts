import { SCOPES } from '@snoop/sdk'
import { expect, test } from 'vitest'
import { parseScopes } from './parse-scopes'

test('scopes are read from a list and from presets, each once', () => {
  expect(parseScopes('projects:read, user:read,projects:read')).toEqual(['projects:read', 'user:read'])
  expect(parseScopes('all')).toEqual(SCOPES)
  expect(parseScopes('read,user:write')).toEqual([
    'user:read',
    'projects:read',
    'subscription:read',
    'api-keys:read',
    'user:write',
  ])
})

test.each(['', ',', 'projects', 'constructor', 'READ'])('%j is refused, with what there is', text => {
  expect(() => parseScopes(text)).toThrow(/scope|empty/)
})
