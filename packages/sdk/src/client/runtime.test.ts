import { getEventListeners } from 'node:events'
import { performance } from 'node:perf_hooks'
import { describe, expect, test, vi } from 'vitest'
import { systemRuntime } from './runtime'

describe('systemRuntime.sleep', () => {
  test('waits its time and leaves no listener on the signal', async () => {
    vi.useFakeTimers()
    try {
      const { signal } = new AbortController()
      let woken = false
      const sleeping = systemRuntime.sleep(5000, signal).then(() => {
        woken = true
      })
      await vi.advanceTimersByTimeAsync(4999)
      expect(woken).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      await sleeping
      expect(getEventListeners(signal, 'abort')).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  test('ends at once when the signal aborts, with its reason', async () => {
    const controller = new AbortController()
    const sleeping = systemRuntime.sleep(60_000, controller.signal)
    const startMs = performance.now()
    controller.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    expect(performance.now() - startMs).toBeLessThan(1000)
    await expect(systemRuntime.sleep(60_000, controller.signal)).rejects.toThrow('enough')
  })
})

test('systemRuntime.startTimer does not fire once it is stopped', () => {
  vi.useFakeTimers()
  try {
    const run = vi.fn()
    systemRuntime.startTimer(10, run)()
    vi.advanceTimersByTime(20)
    expect(run).not.toHaveBeenCalled()
    systemRuntime.startTimer(10, run)
    vi.advanceTimersByTime(10)
    expect(run).toHaveBeenCalledOnce()
  } finally {
    vi.useRealTimers()
  }
})

test('no two random ids are alike', () => {
  const ids = Array.from({ length: 1000 }, systemRuntime.randomId)
  expect(new Set(ids).size).toBe(1000)
})
