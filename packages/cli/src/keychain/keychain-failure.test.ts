import { expect, test } from 'vitest'
import { classifyKeychainError, explainKeychainFailure } from './keychain-failure'

/** Texts as the library gave them. */
test.each([
  ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", 'locked'],
  [
    'Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time',
    'unavailable',
  ],
  ['DBus error: The name org.freedesktop.secrets was not provided by any .service files', 'unavailable'],
  ["Couldn't access platform storage: Secret Service: no result found", 'unavailable'],
  [
    'DBus error: Did not receive a reply. Possible causes include: the message bus security policy blocked the reply',
    'timeout',
  ],
  ["Attribute 'password' is longer than platform limit: too long", 'too_large'],
])('%s is %s', (text, reason) => {
  expect(classifyKeychainError(text).reason).toBe(reason)
})

const place = { env: {}, platform: 'linux' as const, isContainer: false, isWsl: false }

test('every failure exits 11 and names three ways on', () => {
  const { message, details } = explainKeychainFailure(classifyKeychainError('?'), place)
  expect(message).toBe('There is no system keychain here. There is no desktop session.')
  expect(details).toMatchObject({ exit: 11, code: 'keychain.unavailable' })
  expect(details.hint?.split('\n').length).toBe(3)
})

test.each([
  [{ env: { CI: 'true' } }, 'CI job'],
  [{ isContainer: true }, 'container'],
  [{ isWsl: true }, 'Windows Subsystem'],
  [{ env: { SUDO_USER: 'ada' } }, 'belongs to ada'],
])('the place is named: %j', (facts, words) => {
  const { message } = explainKeychainFailure(classifyKeychainError('?'), { ...place, ...facts })
  expect(message).toContain(words)
})

test('a locked keychain comes with the way to unlock it', () => {
  const { details } = explainKeychainFailure(classifyKeychainError('locked'), {
    ...place,
    platform: 'darwin',
  })
  expect(details.hint).toContain('security unlock-keychain')
})
