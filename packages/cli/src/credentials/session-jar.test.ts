import { createCookieJar, serializeCookieJar } from '@snoop/sdk'
import { expect, test } from 'vitest'
import { joinJars, readSessionCookie, splitJar } from './session-jar'

const jarWith = async (cookie: string, url = 'https://auth.example.com/'): Promise<string> => {
  const jar = createCookieJar()
  await jar.setCookie(cookie, url)
  return serializeCookieJar(jar)
}

test('the session cookie and its end are found, with and without the __Host- prefix', async () => {
  const plain = await jarWith('snoop_session=one; Path=/; Expires=Thu, 01 Jun 2090 00:00:00 GMT')
  expect(readSessionCookie(plain)).toEqual({ value: 'one', expiresAt: '2090-06-01T00:00:00.000Z' })
  const secure = await jarWith('__Host-snoop_session=two; Path=/; Secure')
  expect(readSessionCookie(secure)).toEqual({ value: 'two', expiresAt: undefined })
})

test('Max-Age counts from when the cookie was set', async () => {
  const { expiresAt = '' } = readSessionCookie(await jarWith('snoop_session=x; Max-Age=3600')) ?? {}
  expect(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000)).toBeLessThan(60_000)
})

test('Max-Age of a cookie that was set again counts from then, not from its first time', () => {
  const cookie = { key: 'snoop_session', value: 'x', maxAge: 3600 }
  const times = { creation: '2090-01-01T00:00:00.000Z', lastAccessed: '2090-01-02T00:00:00.000Z' }
  const jar = JSON.stringify({ cookies: [{ ...cookie, ...times }] })
  expect(readSessionCookie(jar)?.expiresAt).toBe('2090-01-02T01:00:00.000Z')
})

test('another cookie, an empty jar and what is no jar hold no session', async () => {
  expect(readSessionCookie(await jarWith('other=1; Path=/'))).toBeUndefined()
  expect(readSessionCookie(serializeCookieJar(createCookieJar()))).toBeUndefined()
  expect(readSessionCookie('nonsense')).toBeUndefined()
  expect(readSessionCookie('null')).toBeUndefined()
})

test('a jar is kept in two parts, and is whole again when they are joined', async () => {
  const jar = createCookieJar()
  const url = 'https://auth.example.com/'
  await jar.setCookie('__Host-snoop_session=one; Path=/; Secure', url)
  await jar.setCookie('__Host-snoop_device=two; Path=/; Secure; Max-Age=3600', url)
  const { session, device } = splitJar(serializeCookieJar(jar))
  expect(session).toContain('"one"')
  expect(session).not.toContain('"two"')
  expect(device).toContain('"two"')
  const whole = createCookieJar(joinJars(session, device))
  expect(await whole.getCookieString(url)).toBe('__Host-snoop_session=one; __Host-snoop_device=two')
  expect(splitJar(session)).toEqual({ session, device: null })
  expect(joinJars(null, null)).toBe(joinJars())
})
