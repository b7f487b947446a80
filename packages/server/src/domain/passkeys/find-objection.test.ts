import { expect, test } from 'vitest'
import { findObjection } from './find-objection'
import { userHandleOf } from './user-handle'

const passkey = { user_id: 'ada', device_type: 'singleDevice', signature_count: 7 }
const facts = { signature_count: 8, device_type: 'singleDevice', backed_up: 0 }
const ada = { kind: 'account', userId: 'ada' } as const
const anyone = { kind: 'anyone' } as const
const handle = userHandleOf('ada')

test.each([
  ['of anyone with its user handle', anyone, handle, undefined],
  ['of anyone without a user handle', anyone, undefined, 'wrong-user-handle'],
  ['of anyone with the handle of another', anyone, userHandleOf('bob'), 'wrong-user-handle'],
  ['of the account', ada, handle, undefined],
  ['of the account without a user handle', ada, undefined, undefined],
  ['of the account with the handle of another', ada, userHandleOf('bob'), 'wrong-user-handle'],
  ['of another account', { kind: 'account', userId: 'bob' } as const, handle, 'other-account'],
  ['of no account', { kind: 'account', userId: null } as const, handle, 'other-account'],
] as const)('where the passkey %s was asked for', (_what, signer, userHandle, objection) => {
  expect(findObjection(passkey, signer, userHandle, facts)).toBe(objection)
})

test.each([
  [0, 0, undefined],
  [0, 1, undefined],
  [7, 8, undefined],
  [7, 4_000_000_000, undefined],
  [7, 7, 'signature-count'],
  [7, 6, 'signature-count'],
  [7, 0, 'signature-count'],
])('after %i signatures one with count %i', (stored, signed, objection) => {
  const after = { ...passkey, signature_count: stored }
  expect(findObjection(after, ada, handle, { ...facts, signature_count: signed })).toBe(objection)
})

test('a passkey that may be synchronised all of a sudden is another one', () => {
  const changed = { ...facts, device_type: 'multiDevice' }
  expect(findObjection(passkey, ada, handle, changed)).toBe('backup-eligibility-changed')
})
