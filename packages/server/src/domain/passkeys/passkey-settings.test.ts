import { expect, test } from 'vitest'
import { passkeySettings } from './passkey-settings'

test.each([
  ['https://auth.example.com', 'auth.example.com', ['https://auth.example.com']],
  ['https://auth.example.com:8443', 'auth.example.com', ['https://auth.example.com:8443']],
  ['http://localhost:3000', 'localhost', ['http://localhost:3000']],
  ['http://snoop.localhost:3000', 'snoop.localhost', ['http://snoop.localhost:3000']],
  ['http://127.0.0.1:3000', 'localhost', ['http://127.0.0.1:3000', 'http://localhost:3000']],
  ['http://127.8.0.1:3000', 'localhost', ['http://127.8.0.1:3000', 'http://localhost:3000']],
  ['http://[::1]:3000', 'localhost', ['http://[::1]:3000', 'http://localhost:3000']],
  ['https://192.0.2.1', '192.0.2.1', ['https://192.0.2.1']],
])('passkeys of %s are for %s', (origin, rpId, origins) => {
  expect(passkeySettings(origin, [])).toEqual({ rpId, origins })
})

test('of the trusted origins those count whose host is the own one or below it', () => {
  const trusted = [
    'https://example.com:8443',
    'https://app.example.com',
    'https://a.b.example.com',
    'https://badexample.com',
    'https://example.com.evil.example',
    'https://example.org',
    'http://localhost:5173',
  ]
  expect(passkeySettings('https://example.com', trusted).origins).toEqual([
    'https://example.com',
    'https://example.com:8443',
    'https://app.example.com',
    'https://a.b.example.com',
  ])
  expect(passkeySettings('https://app.example.com', ['https://example.com']).origins).toEqual([
    'https://app.example.com',
  ])
  expect(passkeySettings('http://127.0.0.1:3000', ['http://localhost:5173']).origins).toContain(
    'http://localhost:5173',
  )
})
