import { expect, test } from 'vitest'
import type { AccountRecord } from './account-records'
import { chooseCredential, type Need } from './choose-credential'

const nowMs = Date.parse('2090-06-01T00:00:00.000Z')
const later = '2090-07-01T00:00:00.000Z'
const before = '2090-05-01T00:00:00.000Z'
const key = (scopes: string[], expiresAt: string | null = later) => ({
  id: 'ak_1',
  name: 'key',
  scopes,
  organizationId: null,
  expiresAt,
})
const session = (expiresAt: string) => ({ id: '01S', expiresAt })

const read: Need = { prefer: 'key', scopes: ['projects:read'] }
const manage: Need = { prefer: 'session', scopes: ['api-keys:write'] }
const own: Need = { prefer: 'session', scopes: [], sessionOnly: true }

test.each<[string, Partial<AccountRecord>, Need, string]>([
  ['nothing stored', {}, read, 'none signed_out'],
  ['a key that suffices', { key: key(['projects:read']), session: session(later) }, read, 'key'],
  ['a key that never expires', { key: key(['projects:read'], null) }, read, 'key'],
  ['a key that lacks the scope, and a session', { key: key([]), session: session(later) }, read, 'session'],
  ['a key that lacks the scope, alone', { key: key([]) }, read, 'key'],
  [
    'an expired key, and a session',
    { key: key(['projects:read'], before), session: session(later) },
    read,
    'session',
  ],
  ['an expired key alone', { key: key([], before) }, read, 'none key_expired'],
  ['an expired session alone', { session: session(before) }, read, 'none session_expired'],
  ['key management with both', { key: key(['api-keys:write']), session: session(later) }, manage, 'session'],
  ['key management, the session over', { key: key([]), session: session(before) }, manage, 'key'],
  ['a session is needed, a key is there', { key: key([]) }, own, 'none session_needed'],
  [
    'a session is needed, it is over',
    { key: key([]), session: session(before) },
    own,
    'none session_expired',
  ],
  ['a session is needed and there', { key: key([]), session: session(later) }, own, 'session'],
])('%s', (_, facts, need, expected) => {
  const account = { user: null, session: null, key: null, ...facts }
  const choice = chooseCredential(false, account, need, nowMs)
  expect(choice.kind === 'none' ? `none ${choice.why}` : choice.kind).toBe(expected)
  expect(chooseCredential(true, account, need, nowMs).kind).toBe('environment')
})
