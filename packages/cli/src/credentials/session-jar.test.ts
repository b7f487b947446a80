import { createCookieJar, serializeCookieJar } from '@snoop/sdk'
import { expect, test } from 'vitest'
import { readSessionCookie } from './session-jar'

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

test('another cookie, an empty jar and what is no jar hold no session', async () => {
  expect(readSessionCookie(await jarWith('other=1; Path=/'))).toBeUndefined()
  expect(readSessionCookie(serializeCookieJar(createCookieJar()))).toBeUndefined()
  expect(readSessionCookie('nonsense')).toBeUndefined()
  expect(readSessionCookie('null')).toBeUndefined()
})
