import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProviderFetch } from './provider-calls'
import { type LoopbackServer, listenOnLoopback } from './testing/listen-on-loopback'

let server: LoopbackServer
beforeAll(async () => {
  server = await listenOnLoopback(() => ({ url }, response) => {
    if (url === '/moved') response.writeHead(302, { location: '/' }).end()
    else if (url === '/empty') response.writeHead(204).end()
    else response.end('x'.repeat(Number(url?.slice(1)) || 2))
  })
})
afterAll(() => server.stop())

const call = (baseUrl: string, url: string) =>
  createProviderFetch(baseUrl)(url, { method: 'GET', headers: {}, body: undefined, redirect: 'manual' })

describe('a call to a provider', () => {
  it('goes by HTTP only on this machine, and only to a provider that is configured to be there', async () => {
    expect(await (await call(server.url, `${server.url}/`)).text()).toBe('xx')
    const count = server.requests.length
    await expect(call('https://id.acme.example', `${server.url}/`)).rejects.toThrow('only called by HTTPS')
    await expect(call(server.url, 'http://192.0.2.1/')).rejects.toThrow('only called by HTTPS')
    await expect(call(server.url, 'http://127.0.0.1.evil.example/')).rejects.toThrow('only called by HTTPS')
    await expect(call(server.url, 'file:///etc/passwd')).rejects.toThrow('only called by HTTPS')
    expect(server.requests).toHaveLength(count)
  })

  it('follows no redirect', async () => {
    const count = server.requests.length
    const response = await call(server.url, `${server.url}/moved`)
    expect([response.status, server.requests.length - count]).toEqual([302, 1])
  })

  it('may be answered with nothing, and with 1 MiB, but with no byte more', async () => {
    expect((await call(server.url, `${server.url}/empty`)).status).toBe(204)
    expect(await (await call(server.url, `${server.url}/1048576`)).text()).toHaveLength(1_048_576)
    await expect(call(server.url, `${server.url}/1048577`)).rejects.toThrow('larger than 1048576 bytes')
  })
})
