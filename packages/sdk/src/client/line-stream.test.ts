import { getEventListeners, once } from 'node:events'
import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { SnoopAbortError, SnoopApiError, SnoopConnectionError, SnoopTimeoutError } from '../errors'
import type { ClientOptions } from './client-types'
import { createClient } from './create-client'
import { LineStream } from './line-stream'
import { fakeRuntime } from './testing/fake-runtime'
import { startServer } from './testing/local-server'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const input = { organizationId: '01ORGACME' }
const JSON_LINES = { 'content-type': 'application/x-ndjson; charset=utf-8' }

const collect = async (lines: AsyncIterable<string>): Promise<string[]> => {
  const collected: string[] = []
  for await (const line of lines) collected.push(line)
  return collected
}

describe.each<[string, Partial<ClientOptions>]>([
  ['undici', {}],
  ['fetch', { fetch: (...request) => globalThis.fetch(...request) }],
])('an export over %s', (_, transport) => {
  const serve = async (onRequest: RequestListener, options: Partial<ClientOptions> = {}) => {
    const server = await startServer(onRequest)
    const client = createClient({
      baseUrl: server.origin,
      retry: { attempts: 0 },
      ...transport,
      ...options,
    })
    cleanUps.push(server.stop, client.close)
    return client
  }

  test('is its lines, wherever the pieces end', async () => {
    const bytes = Buffer.from('{"a":"é"}\n{"b":"😀"}\n{"c":1}')
    const client = await serve(async (request, response) => {
      expect(request.headers.accept).toContain('application/x-ndjson')
      response.writeHead(200, JSON_LINES)
      for (const byte of bytes) {
        response.write(Buffer.of(byte))
        await new Promise(resolve => setImmediate(resolve))
      }
      response.end()
    })
    const { data, response } = await client.auditLogs.export(input).withResponse()
    expect(response).toMatchObject({ status: 200, message: undefined })
    expect(await collect(data)).toEqual(['{"a":"é"}\n', '{"b":"😀"}\n', '{"c":1}'])
  })

  test('of nothing has no lines, and CSV has its records', async () => {
    const client = await serve((request, response) => {
      const isCsv = request.url?.includes('format=csv') === true
      response.writeHead(200, isCsv ? { 'content-type': 'text/csv; charset=utf-8' } : JSON_LINES)
      response.end(isCsv ? 'a,b\r\n1,2\r\n' : '')
    })
    expect(await collect(await client.auditLogs.export(input))).toEqual([])
    expect(await collect(await client.auditLogs.export({ ...input, format: 'csv' }))).toEqual([
      'a,b\r\n',
      '1,2\r\n',
    ])
  })

  test('that takes longer than the whole call may is not cut off', async () => {
    const client = await serve(
      async (_request, response) => {
        response.writeHead(200, JSON_LINES)
        for (let line = 0; line < 8; line++) {
          response.write('{}\n')
          await new Promise(resolve => setTimeout(resolve, 25))
        }
        response.end()
      },
      { timeoutMs: 150, totalTimeoutMs: 150 },
    )
    expect(await collect(await client.auditLogs.export(input))).toHaveLength(8)
  })

  test('on which the server falls silent ends in a time-out', async () => {
    const client = await serve(
      (_request, response) => {
        response.writeHead(200, JSON_LINES)
        response.write('{}\n')
      },
      { timeoutMs: 50 },
    )
    await expect(collect(await client.auditLogs.export(input))).rejects.toBeInstanceOf(SnoopTimeoutError)
  })

  test('that breaks off is an error, not a short export', async () => {
    const client = await serve((_request, response) => {
      response.writeHead(200, JSON_LINES)
      response.write('{}\n', () => response.socket?.destroy())
    })
    await expect(collect(await client.auditLogs.export(input))).rejects.toBeInstanceOf(SnoopConnectionError)
  })

  test('that is left early, or aborted before it was read or in between, ends its connection', async () => {
    const closed: Promise<unknown>[] = []
    const client = await serve((_request, response) => {
      closed.push(once(response, 'close'))
      response.writeHead(200, JSON_LINES)
      response.write('{}\n')
    })
    for await (const line of await client.auditLogs.export(input)) {
      expect(line).toBe('{}\n')
      break
    }
    await closed[0]

    const unread = new AbortController()
    const lines = await client.auditLogs.export(input, { signal: unread.signal })
    unread.abort('no need')
    await closed[1]
    await expect(collect(lines)).rejects.toMatchObject({ name: 'SnoopAbortError', cause: 'no need' })

    const reading = new AbortController()
    const iterator = (await client.auditLogs.export(input, { signal: reading.signal }))[
      Symbol.asyncIterator
    ]()
    await iterator.next()
    const next = iterator.next()
    reading.abort()
    await expect(next).rejects.toBeInstanceOf(SnoopAbortError)
    await closed[2]
  })

  test('is read no faster than it is taken', async () => {
    const line = `{"text":"${'x'.repeat(1_000)}"}\n`
    let written = 0
    const client = await serve(async (_request, response) => {
      response.writeHead(200, JSON_LINES)
      for (; written < 100_000; written++) {
        if (!response.write(line)) await once(response, 'drain').catch(() => {})
        if (response.destroyed) return
      }
      response.end()
    })
    const iterator = (await client.auditLogs.export(input))[Symbol.asyncIterator]()
    await iterator.next()
    let before = -1
    while (before !== written) {
      before = written
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    // What the sockets of this machine buffer, of a hundred megabytes.
    expect(written).toBeLessThan(20_000)
    await iterator.return?.()
  })

  test('that is refused, or is a page of a proxy, is an error', async () => {
    const client = await serve((request, response) => {
      const isRefused = request.url?.includes('refused')
      response.writeHead(isRefused ? 403 : 200, {
        'content-type': isRefused ? 'application/json' : 'text/html',
      })
      response.end(isRefused ? '{"success":false,"code":"FORBIDDEN","message":"No"}' : '<p>Hello')
    })
    await expect(client.auditLogs.export({ organizationId: 'refused' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    const page = await client.auditLogs.export(input).catch((error: unknown) => error)
    expect(SnoopApiError.is(page) && page.code).toBe('UNEXPECTED_RESPONSE')
  })
})

test('10,000 pieces leave no timer and no listener, and a body that ended is not cancelled', async () => {
  const runtime = fakeRuntime()
  const { signal } = new AbortController()
  let cancelled = 0
  async function* chunks() {
    for (let chunk = 0; chunk < 10_000; chunk++) yield Buffer.from('{}\n')
  }
  const body = { chunks: chunks(), cancel: () => void cancelled++ }
  const stream = new LineStream(runtime, body, { origin: 'https://auth.example.com', timeoutMs: 100, signal })
  let lines = 0
  for await (const _line of stream) lines++
  expect([lines, runtime.runningTimers(), cancelled]).toEqual([10_000, 0, 0])
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
