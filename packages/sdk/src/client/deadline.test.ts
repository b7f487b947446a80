import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { withDeadline } from './deadline'
import { fakeRuntime } from './testing/fake-runtime'

const late = () => new Error('too late')
const never = () => new Promise<never>(() => {})

test('gives what the work gives, and takes timer and listener away', async () => {
  const runtime = fakeRuntime()
  const parent = new AbortController().signal
  expect(await withDeadline(runtime, { timeoutMs: 10, onTimeout: late, parent }, async () => 7)).toBe(7)
  expect(runtime.runningTimers()).toBe(0)
  expect(getEventListeners(parent, 'abort')).toEqual([])
})

test('takes them away when the work fails, even before it returns a promise', async () => {
  const runtime = fakeRuntime()
  const work = () => {
    throw new Error('broken')
  }
  await expect(withDeadline(runtime, { timeoutMs: 10, onTimeout: late }, work)).rejects.toThrow('broken')
  expect(runtime.runningTimers()).toBe(0)
})

test('ends work that ignores its signal, when the time is up', async () => {
  const runtime = fakeRuntime()
  let seen: AbortSignal | undefined
  const result = withDeadline(runtime, { timeoutMs: 10, onTimeout: late }, signal => {
    seen = signal
    return never()
  })
  runtime.advance(9)
  expect(seen?.aborted).toBe(false)
  runtime.advance(1)
  await expect(result).rejects.toThrow('too late')
  expect(seen?.aborted).toBe(true)
})

test('ends with the reason of the parent, in the words of onAbort', async () => {
  const parent = new AbortController()
  const onAbort = (reason: unknown) => new Error(`ended: ${reason}`)
  const deadline = { timeoutMs: 10, onTimeout: late, onAbort, parent: parent.signal }
  const result = withDeadline(fakeRuntime(), deadline, never)
  parent.abort('by hand')
  await expect(result).rejects.toThrow('ended: by hand')
  let started = false
  const again = withDeadline(fakeRuntime(), deadline, async () => {
    started = true
  })
  await expect(again).rejects.toThrow('ended: by hand')
  expect(started).toBe(false)
})

test('a failure of the work after its end is nobody’s unhandled rejection', async () => {
  const runtime = fakeRuntime()
  let fail: (error: Error) => void = () => {}
  const work = () => new Promise<never>((_, reject) => (fail = reject))
  const result = withDeadline(runtime, { timeoutMs: 10, onTimeout: late }, work)
  runtime.advance(10)
  await expect(result).rejects.toThrow('too late')
  fail(new Error('afterwards'))
  await new Promise(resolve => setImmediate(resolve))
})
