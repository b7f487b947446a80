import { inspect } from 'node:util'
import { CookieJar as ToughJar } from 'tough-cookie'
import { describe, expect, test } from 'vitest'
import { createCookieJar, serializeCookieJar } from './cookie-jar'

const hostCookie = '__Host-snoop_session=s3cret; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=604800'
const plainCookie = 'snoop_session=s3cret; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800'

const reopened = (jar: ReturnType<typeof createCookieJar>) => createCookieJar(serializeCookieJar(jar))

test.each([
  ['https://auth.example.com', hostCookie],
  ['https://localhost:8443', hostCookie],
  ['http://127.0.0.1:3000', plainCookie],
  ['http://[::1]:3000', plainCookie],
  ['http://localhost:3000', plainCookie],
])('the session of %s survives being written down and read again', async (origin, cookie) => {
  const jar = createCookieJar()
  await jar.setCookie(cookie, `${origin}/api/auth/sign-in/email`)
  const expected = cookie.slice(0, cookie.indexOf(';'))
  expect(await jar.getCookieString(`${origin}/api/user/me`)).toBe(expected)
  const second = reopened(jar)
  expect(await second.getCookieString(`${origin}/api/user/me`)).toBe(expected)
  expect(await reopened(second).getCookieString(`${origin}/api/user/me`)).toBe(expected)
})

test('a session that ends with the browser is kept until the server ends it', async () => {
  const jar = createCookieJar()
  await jar.setCookie('snoop_session=a; Path=/; HttpOnly', 'http://127.0.0.1:3000/')
  expect(await reopened(jar).getCookieString('http://127.0.0.1:3000/')).toBe('snoop_session=a')
  await jar.setCookie('snoop_session=; Path=/; Max-Age=0', 'http://127.0.0.1:3000/')
  expect(await jar.getCookieString('http://127.0.0.1:3000/')).toBe('')
})

describe('a cookie does not leave its server:', () => {
  test('a Secure one is not sent over plain HTTP, to localhost neither', async () => {
    const jar = createCookieJar()
    await jar.setCookie(hostCookie, 'https://localhost/')
    for (const each of [jar, reopened(jar)]) {
      expect(await each.getCookieString('http://localhost/')).toBe('')
      expect(await each.getCookieString('https://localhost/')).toContain('s3cret')
    }
  })

  test('another host gets none, a subdomain neither', async () => {
    const jar = createCookieJar()
    await jar.setCookie(hostCookie, 'https://auth.example.com/')
    expect(await jar.getCookieString('https://example.com/')).toBe('')
    expect(await jar.getCookieString('https://x.auth.example.com/')).toBe('')
  })

  test.each([
    ['a __Host- cookie without Secure', '__Host-snoop_session=a; Path=/'],
    ['a __Host- cookie for a domain', '__Host-snoop_session=a; Path=/; Secure; Domain=auth.example.com'],
    ['a __Host- cookie for a path', '__Host-snoop_session=a; Path=/api; Secure'],
    ['a cookie for a whole suffix', 'snoop_session=a; Path=/; Domain=com'],
    ['a cookie for another host', 'snoop_session=a; Path=/; Domain=other.example'],
  ])('%s is not taken', async (_, cookie) => {
    const jar = createCookieJar()
    await jar.setCookie(cookie, 'https://auth.example.com/')
    expect(await jar.getCookieString('https://auth.example.com/api')).toBe('')
  })

  test('a __Host- cookie is not taken over plain HTTP', async () => {
    const jar = createCookieJar()
    await jar.setCookie(hostCookie, 'http://localhost/')
    expect(await jar.getCookieString('https://localhost/')).toBe('')
  })
})

test('a written jar cannot weaken the rules of the one that reads it', async () => {
  const { cookies } = JSON.parse(serializeCookieJar(createCookieJar()))
  const lax = JSON.stringify({ cookies, prefixSecurity: 'unsafe-disabled', rejectPublicSuffixes: false })
  const jar = createCookieJar(lax)
  await jar.setCookie('__Host-snoop_session=a; Path=/', 'https://auth.example.com/')
  expect(await jar.getCookieString('https://auth.example.com/')).toBe('')
})

test('a jar that was not used writes down what it was made from', () => {
  const text = JSON.stringify({ cookies: [] })
  expect(serializeCookieJar(createCookieJar(text))).toBe(text)
  expect(JSON.parse(serializeCookieJar(createCookieJar()))).toEqual({ cookies: [] })
})

test.each(['', 'rubbish s3cret', '{}', '[]', 'null', '{"cookies":"s3cret"}'])('%j is no jar', text => {
  expect(() => createCookieJar(text)).toThrow(new TypeError('This is not a serialized cookie jar'))
})

test('nothing of the jar shows when it is logged', async () => {
  const jar = createCookieJar()
  await jar.setCookie(hostCookie, 'https://auth.example.com/')
  const shown = `${inspect(jar, { depth: 9, showHidden: true })}${JSON.stringify(reopened(jar))}${JSON.stringify(jar)}`
  expect(shown).not.toContain('s3cret')
})

test('a jar of tough-cookie reads what ours wrote', async () => {
  const jar = createCookieJar()
  await jar.setCookie(hostCookie, 'https://auth.example.com/')
  const theirs = ToughJar.deserializeSync(serializeCookieJar(jar))
  expect(await theirs.getCookieString('https://auth.example.com/')).toBe('__Host-snoop_session=s3cret')
})
