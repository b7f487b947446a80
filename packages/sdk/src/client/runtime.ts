/** What the client takes from its surroundings; tests bring their own. */
export interface Runtime {
  /** Milliseconds since 1970. */
  now(): number
  /** A number from 0 up to 1. */
  random(): number
  randomId(): string
  /** Calls `run` once after `delayMs`. @returns stops it */
  startTimer(delayMs: number, run: () => void): () => void
  /** Waits; rejects with the signal's reason as soon as it aborts. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

const startTimer = (delayMs: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

const sleep = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stopTimer = startTimer(delayMs, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    const onAbort = () => {
      stopTimer()
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })

/** The real clock, timers and random numbers. */
export const systemRuntime: Runtime = {
  now: Date.now,
  random: Math.random,
  randomId: () => globalThis.crypto.randomUUID(),
  startTimer,
  sleep,
}
