import { expect, test } from 'vitest'
import { passkeySettings } from './passkey-settings'

const settingsOf = (origin: string, trustedOrigins: readonly string[] = [], passkeyDomain?: string) =>
  passkeySettings({ origin, trustedOrigins, passkeyDomain })

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
  expect(settingsOf(origin)).toEqual({ rpId, origins })
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
  expect(settingsOf('https://example.com', trusted).origins).toEqual([
    'https://example.com',
    'https://example.com:8443',
    'https://app.example.com',
    'https://a.b.example.com',
  ])
  expect(settingsOf('https://app.example.com', ['https://example.com']).origins).toEqual([
    'https://app.example.com',
  ])
  expect(settingsOf('http://127.0.0.1:3000', ['http://localhost:5173']).origins).toContain(
    'http://localhost:5173',
  )
})

test('with a domain of their own they work on the pages beside the server too, and on no others', () => {
  const trusted = ['https://app.example.com', 'https://example.com.evil.example']
  expect(settingsOf('https://auth.example.com', trusted, 'example.com')).toEqual({
    rpId: 'example.com',
    origins: ['https://auth.example.com', 'https://app.example.com'],
  })
})
