import { expect, test } from 'vitest'
import { createStopSignal } from './stop-signal'

test('a request to stop counts at once', () => {
  const outer = new AbortController()
  const { signal } = createStopSignal(outer.signal)
  outer.abort('stopped')
  expect(signal.reason).toBe('stopped')
  expect(createStopSignal(outer.signal).signal.aborted).toBe(true)
})

test('unbroken work is let go on, also within other such work, and then the request counts', async () => {
  const outer = new AbortController()
  const { signal, unbroken } = createStopSignal(outer.signal)
  const seen: boolean[] = []
  await unbroken(async () => {
    await unbroken(async () => outer.abort('stopped'))
    seen.push(signal.aborted)
  })
  expect([...seen, signal.aborted]).toEqual([false, true])
})

test('work that fails holds nothing back any longer', async () => {
  const outer = new AbortController()
  const { signal, unbroken } = createStopSignal(outer.signal)
  await expect(unbroken(async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  outer.abort()
  expect(signal.aborted).toBe(true)
})
