import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { SnoopError } from '../errors'
import type { ClientOptions } from './client-types'
import { createCookieJar } from './cookie-jar'
import { baseUrl, givenClient as given } from './testing/given-client'
import { failed, ok, type Step, socketError } from './testing/scripted-transport'

describe('credentials', () => {
  const sent = async (options: Partial<ClientOptions>) => {
    const { client, transport } = given(options, ok({}))
    await client.user.me()
    const { authorization, cookie, 'x-api-key': apiKey } = transport.requests[0]!.headers
    return { authorization, cookie, apiKey }
  }

  test('exactly the given one is sent', async () => {
    expect(await sent({})).toEqual({})
    expect(await sent({ apiKey: 'ba_x' })).toEqual({ apiKey: 'ba_x' })
    expect(await sent({ accessToken: 'jwt' })).toEqual({ authorization: 'Bearer jwt' })
  })

  test('the session that signing in opens is kept and sent back', async () => {
    const cookie = '__Host-snoop_session=s1; Path=/; Secure; HttpOnly; SameSite=Lax'
    const signedIn = { ...(ok({}) as object), setCookie: [cookie] } as Step
    const { client, transport } = given({ cookieJar: createCookieJar() }, signedIn, ok({}))
    await client.auth.signInEmail({ email: 'ada@example.com', password: 'p' })
    await client.user.me()
    expect(transport.requests.map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      '__Host-snoop_session=s1',
    ])
  })

  test('an error can end the session too: its cookies are kept', async () => {
    const jar = createCookieJar()
    await jar.setCookie('__Host-snoop_session=s1; Path=/; Secure', baseUrl)
    const expired = failed(401, 'INVALID_OR_EXPIRED_TOKEN') as object
    const step = { ...expired, setCookie: ['__Host-snoop_session=; Path=/; Secure; Max-Age=0'] } as Step
    const { client } = given({ cookieJar: jar }, step)
    await expect(client.user.me()).rejects.toMatchObject({ status: 401 })
    expect(await jar.getCookieString(baseUrl)).toBe('')
  })

  test('what a cookie jar throws reaches its owner, and nothing is sent again', async () => {
    const broken = {
      getCookieString: async () => '',
      setCookie: async () => {
        throw new RangeError('disk full')
      },
    }
    const { client, transport } = given({ cookieJar: broken }, {
      ...(ok({}) as object),
      setCookie: ['a=b'],
    } as Step)
    await expect(client.user.me()).rejects.toThrow(new RangeError('disk full'))
    expect(transport.requests).toHaveLength(1)
  })

  test('no secret shows in the client or in any of its errors', async () => {
    const secret = 'ba_s3cret'
    const { client } = given(
      { apiKey: secret },
      failed(401, 'INVALID_API_KEY'),
      socketError('ECONNRESET'),
      { status: 502, body: '<html>' },
      Object.assign(new Error('socket'), { headers: { 'x-api-key': secret } }),
    )
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain(secret)
    for (let call = 0; call < 4; call++) {
      const error = await client.apiKeys
        .verify({ key: secret }, { idempotencyKey: secret, retry: { attempts: 0 } })
        .catch((thrown: unknown) => thrown)
      expect(SnoopError.is(error)).toBe(true)
      const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${String(error)}`
      expect(shown).not.toContain(secret)
    }
  })
})
