import { expect, test } from 'vitest'
import { CliError } from '../cli-error'
import { parseOrigin } from './origin'

test.each([
  ['https://auth.example.com', 'https://auth.example.com'],
  ['HTTPS://Auth.Example.com:443/', 'https://auth.example.com'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ['http://localhost:4000/', 'http://localhost:4000'],
  ['http://snoop.localhost', 'http://snoop.localhost'],
  ['http://[::1]:4000', 'http://[::1]:4000'],
])('%s is the origin %s', (text, origin) => {
  expect(parseOrigin(text, '--url')).toBe(origin)
})

test.each([
  'auth.example.com',
  'ftp://auth.example.com',
  'https://user:secret@auth.example.com',
  'https://auth.example.com/path',
  'https://auth.example.com/?q=1',
  'http://auth.example.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://10.0.0.1',
])('%s is refused, with its source and without a password', text => {
  expect(() => parseOrigin(text, '--url')).toThrow(CliError)
  expect(() => parseOrigin(text, '--url')).toThrow('(--url)')
  expect(() => parseOrigin(text, '--url')).not.toThrow('secret')
})
