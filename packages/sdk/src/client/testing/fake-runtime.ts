import type { Runtime } from '../runtime'

/** A clock that stands still until it is moved, and waits that pass at once but move it. */
export interface FakeRuntime extends Runtime {
  /** The waits so far, in milliseconds. */
  readonly sleeps: readonly number[]
  /** How many timers are running. */
  runningTimers(): number
  /** Moves the clock and fires the timers that are due. */
  advance(ms: number): void
}

export const fakeRuntime = ({ random = 0.5, startMs = 0 } = {}): FakeRuntime => {
  let nowMs = startMs
  let ids = 0
  const sleeps: number[] = []
  const timers = new Set<{ dueMs: number; run: () => void }>()
  const advance = (ms: number) => {
    nowMs += ms
    for (const timer of [...timers].filter(({ dueMs }) => dueMs <= nowMs)) {
      timers.delete(timer)
      timer.run()
    }
  }
  return {
    sleeps,
    runningTimers: () => timers.size,
    advance,
    now: () => nowMs,
    random: () => random,
    randomId: () => `id-${++ids}`,
    startTimer: (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    sleep: async (delayMs, signal) => {
      sleeps.push(delayMs)
      advance(delayMs)
      signal.throwIfAborted()
    },
  }
}
