import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { SnoopAbortError, SnoopConnectionError, SnoopTimeoutError } from '../errors'
import { readCallSettings } from './read-options'
import { send } from './send'
import { type FakeRuntime, fakeRuntime } from './testing/fake-runtime'
import {
  failed,
  ok,
  type ScriptedTransport,
  scriptedTransport,
  socketError,
} from './testing/scripted-transport'

interface Given {
  transport: ScriptedTransport
  runtime?: FakeRuntime
  method?: string
  hasIdempotencyKey?: boolean
  settings?: Parameters<typeof readCallSettings>[0]
  signal?: AbortSignal
}

const sendGiven = ({
  transport,
  runtime = fakeRuntime(),
  method = 'GET',
  settings = {},
  signal,
  ...rest
}: Given) =>
  send(
    { transport, runtime, credential: { kind: 'none' } },
    {
      method,
      url: new URL('https://auth.example.com/x'),
      headers: { accept: 'application/json' },
      body: undefined,
      hasIdempotencyKey: rest.hasIdempotencyKey ?? false,
    },
    readCallSettings(settings),
    signal,
  )

describe('retries', () => {
  test('a passing failure is sent again until it succeeds, with longer waits', async () => {
    const runtime = fakeRuntime({ random: 0.5 })
    const transport = scriptedTransport(failed(503, 'SERVICE_UNAVAILABLE'), socketError('ECONNRESET'), ok(1))
    expect((await sendGiven({ transport, runtime })).status).toBe(200)
    expect(runtime.sleeps).toEqual([250, 500])
    expect(transport.requests).toHaveLength(3)
  })

  test('the last answer is given when the retries are used up, and every body was read', async () => {
    const transport = scriptedTransport(failed(503, 'SERVICE_UNAVAILABLE'))
    expect((await sendGiven({ transport, settings: { retry: { attempts: 3 } } })).status).toBe(503)
    expect(transport.requests).toHaveLength(4)
    expect(transport.drained()).toBe(4)
  })

  test('attempts: 0 sends once', async () => {
    const transport = scriptedTransport(failed(503, 'SERVICE_UNAVAILABLE'))
    await sendGiven({ transport, settings: { retry: { attempts: 0 } } })
    expect(transport.requests).toHaveLength(1)
  })

  test('a write is not sent twice, and the error says that it may have arrived', async () => {
    const transport = scriptedTransport(socketError('ECONNRESET'))
    await expect(sendGiven({ transport, method: 'POST' })).rejects.toMatchObject({
      name: 'SnoopConnectionError',
      sent: true,
      code: 'ECONNRESET',
    })
    expect(transport.requests).toHaveLength(1)
  })

  test('a write that never left is sent again', async () => {
    const transport = scriptedTransport(socketError('ECONNREFUSED'), ok(1))
    expect((await sendGiven({ transport, method: 'POST' })).status).toBe(200)
  })

  test('a write with an idempotency key is sent again', async () => {
    const transport = scriptedTransport(socketError('ECONNRESET'), ok(1))
    expect((await sendGiven({ transport, method: 'POST', hasIdempotencyKey: true })).status).toBe(200)
  })

  test('an untrusted certificate fails at once, and nothing was sent', async () => {
    const transport = scriptedTransport(socketError('DEPTH_ZERO_SELF_SIGNED_CERT'))
    await expect(sendGiven({ transport })).rejects.toMatchObject({ sent: false })
    expect(transport.requests).toHaveLength(1)
  })

  test('a 429 waits what Retry-After says, a write too', async () => {
    const runtime = fakeRuntime()
    const transport = scriptedTransport(
      failed(429, 'RATE_LIMIT_ERROR', { headers: { 'retry-after': '7' } }),
      ok(1),
    )
    expect((await sendGiven({ transport, runtime, method: 'POST' })).status).toBe(200)
    expect(runtime.sleeps).toEqual([7000])
  })

  test('a Retry-After of two days ends the call at once', async () => {
    const runtime = fakeRuntime()
    const transport = scriptedTransport(
      failed(429, 'RATE_LIMIT_ERROR', { headers: { 'retry-after': '172800' } }),
    )
    expect((await sendGiven({ transport, runtime })).status).toBe(429)
    expect(runtime.sleeps).toEqual([])
  })

  test('a Retry-After that ends after the call’s time is not waited for', async () => {
    const runtime = fakeRuntime()
    const transport = scriptedTransport(
      failed(429, 'RATE_LIMIT_ERROR', { headers: { 'retry-after': '50' } }),
      ok(1),
    )
    const settings = { totalTimeoutMs: 40_000 }
    expect((await sendGiven({ transport, runtime, settings })).status).toBe(429)
    expect(runtime.now()).toBe(0)
  })
})

describe('time', () => {
  test('an attempt that hangs is given up and sent again', async () => {
    const runtime = fakeRuntime()
    const transport = scriptedTransport('hang', ok(1))
    const result = sendGiven({ transport, runtime, settings: { timeoutMs: 100 } })
    await Promise.resolve()
    runtime.advance(100)
    expect((await result).status).toBe(200)
    expect(transport.requests[0]!.signal.aborted).toBe(true)
    expect(transport.requests[1]!.signal.aborted).toBe(false)
  })

  test('the last attempt’s timeout is the error', async () => {
    const runtime = fakeRuntime()
    const result = sendGiven({
      transport: scriptedTransport('hang'),
      runtime,
      method: 'POST',
      settings: { timeoutMs: 100 },
    })
    await Promise.resolve()
    runtime.advance(100)
    await expect(result).rejects.toMatchObject({
      name: 'SnoopTimeoutError',
      scope: 'attempt',
      timeoutMs: 100,
    })
  })

  test('a body that never ends counts as no answer', async () => {
    const runtime = fakeRuntime()
    const transport = scriptedTransport(ok(1))
    const endless = {
      ...transport,
      send: async () => ({
        status: 200,
        headers: {},
        setCookie: [],
        text: () => new Promise<string>(() => {}),
        async *chunks() {},
      }),
    }
    const settings = { timeoutMs: 100, retry: { attempts: 0 } }
    const result = sendGiven({ transport: endless, runtime, settings })
    await Promise.resolve()
    runtime.advance(100)
    await expect(result).rejects.toBeInstanceOf(SnoopTimeoutError)
  })

  test('the whole call ends at its own time, whatever its attempts have left', async () => {
    const runtime = fakeRuntime()
    const settings = { timeoutMs: 1000, totalTimeoutMs: 300 }
    const result = sendGiven({ transport: scriptedTransport('hang'), runtime, settings })
    await Promise.resolve()
    runtime.advance(300)
    await expect(result).rejects.toMatchObject({ name: 'SnoopTimeoutError', scope: 'total', timeoutMs: 300 })
    expect(runtime.runningTimers()).toBe(0)
  })
})

describe('aborting', () => {
  test('ends a request in flight, and says so with the reason as cause', async () => {
    const controller = new AbortController()
    const transport = scriptedTransport('hang')
    const result = sendGiven({ transport, signal: controller.signal })
    await Promise.resolve()
    controller.abort('closed tab')
    await expect(result).rejects.toMatchObject({ name: 'SnoopAbortError', cause: 'closed tab' })
    expect(transport.requests[0]!.signal.aborted).toBe(true)
  })

  test('ends a wait between attempts', async () => {
    const controller = new AbortController()
    const runtime = fakeRuntime()
    const sleepUntilAborted: FakeRuntime = {
      ...runtime,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          controller.abort()
        }),
    }
    const transport = scriptedTransport(failed(503, 'SERVICE_UNAVAILABLE'))
    const result = sendGiven({ transport, runtime: sleepUntilAborted, signal: controller.signal })
    await expect(result).rejects.toBeInstanceOf(SnoopAbortError)
    expect(transport.requests).toHaveLength(1)
  })

  test('a signal that is aborted already sends nothing', async () => {
    const transport = scriptedTransport(ok(1))
    await expect(sendGiven({ transport, signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      SnoopAbortError,
    )
    expect(transport.requests).toHaveLength(0)
  })

  test('10,000 calls leave no listener on their signal and no timer', async () => {
    const { signal } = new AbortController()
    const runtime = fakeRuntime()
    const steps = scriptedTransport(failed(503, 'SERVICE_UNAVAILABLE'), socketError('ECONNRESET'), ok(1))
    for (let call = 0; call < 10_000; call++) await sendGiven({ transport: steps, runtime, signal })
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(runtime.runningTimers()).toBe(0)
  })
})

test('what the platform threw is the cause, in its words', async () => {
  const error = await sendGiven({
    transport: scriptedTransport(socketError('ENOTFOUND')),
    settings: { retry: { attempts: 0 } },
  }).catch((thrown: unknown) => thrown)
  expect(SnoopConnectionError.is(error) && error.sent).toBe(false)
  expect(error).toMatchObject({ cause: { message: 'connect ENOTFOUND', code: 'ENOTFOUND' } })
})
