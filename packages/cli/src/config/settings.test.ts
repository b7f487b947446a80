import { expect, test } from 'vitest'
import { resolveSettings } from './settings'

const noFlags = { url: undefined, profile: undefined, org: undefined, store: undefined }
const config = {
  profiles: {
    default: {
      url: 'https://stored.example.com',
      store: 'file' as const,
      org: { id: '01ORG', slug: 'acme', origin: 'https://stored.example.com' },
    },
  },
}

test('a flag counts before the environment, that before the config file, that before the default', () => {
  const env = { SNOOP_URL: 'https://env.example.com', SNOOP_ORG: 'beta', SNOOP_CREDENTIAL_STORE: 'keychain' }
  const flags = { ...noFlags, url: 'https://flag.example.com', org: 'gamma', store: 'file' }
  const byFlag = resolveSettings(flags, env, config)
  expect(byFlag.origin).toEqual({ value: 'https://flag.example.com', source: '--url' })
  expect(byFlag.org).toEqual({ value: 'gamma', source: '--org' })
  expect(byFlag.store).toEqual({ value: 'file', source: '--store' })

  const byEnv = resolveSettings(noFlags, env, config)
  expect(byEnv.origin.source).toBe('SNOOP_URL')
  expect(byEnv.org).toEqual({ value: 'beta', source: 'SNOOP_ORG' })
  expect(byEnv.store.value).toBe('keychain')

  const byConfig = resolveSettings(noFlags, {}, config)
  expect(byConfig.origin).toEqual({ value: 'https://stored.example.com', source: 'config' })
  expect(byConfig.org).toEqual({ value: '01ORG', source: 'config' })
  expect(byConfig.store).toEqual({ value: 'file', source: 'config' })

  const byDefault = resolveSettings(noFlags, {}, {})
  expect(byDefault).toMatchObject({
    profile: { value: 'default', source: 'default' },
    origin: { value: 'http://127.0.0.1:4000', source: 'default' },
    store: { value: 'keychain', source: 'default' },
    org: undefined,
  })
})

test('a remembered organization counts for its own server alone', () => {
  const elsewhere = resolveSettings({ ...noFlags, url: 'https://other.example.com' }, {}, config)
  expect(elsewhere.org).toBeUndefined()
  expect(elsewhere.rememberedOrg).toBeUndefined()
})

test('another profile takes nothing from this one', () => {
  const other = resolveSettings({ ...noFlags, profile: 'work' }, {}, config)
  expect(other).toMatchObject({ origin: { source: 'default' }, store: { source: 'default' }, org: undefined })
})

test('blank variables count as not set', () => {
  expect(resolveSettings(noFlags, { SNOOP_URL: ' ', SNOOP_PROFILE: '' }, {}).origin.source).toBe('default')
})

test.each([
  { profile: '../x' },
  { profile: '__proto__' },
  { profile: 'a b' },
  { store: 'paper' },
  { url: 'x' },
])('%j is refused', flags => {
  expect(() => resolveSettings({ ...noFlags, ...flags }, {}, config)).toThrow()
})
