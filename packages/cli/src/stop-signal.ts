/** A signal that can be held back. */
export interface StopSignal {
  readonly signal: AbortSignal
  unbroken<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Passes `outer` on, but not while `unbroken` work is under way: its answer may hold a secret that takes the place of
 * the one in the store, and then it must get there.
 */
export const createStopSignal = (outer: AbortSignal): StopSignal => {
  const stop = new AbortController()
  let underWay = 0
  const passOn = (): void => {
    if (outer.aborted && underWay === 0) stop.abort(outer.reason)
  }
  outer.addEventListener('abort', passOn, { once: true })
  passOn()
  return {
    signal: stop.signal,
    async unbroken(work) {
      underWay++
      try {
        return await work()
      } finally {
        underWay--
        passOn()
      }
    },
  }
}
