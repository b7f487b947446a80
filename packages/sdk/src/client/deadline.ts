import type { Runtime } from './runtime'

export interface Deadline {
  readonly timeoutMs: number
  /** What the work is ended with when the time is up. */
  readonly onTimeout: () => Error
  /** What the work is ended with when `parent` aborts; its own reason unless given. */
  readonly onAbort?: (reason: unknown) => unknown
  readonly parent?: AbortSignal | undefined
}

/**
 * Runs `work` until it settles, its time is up, or `parent` aborts, whichever comes first, even if the work ignores
 * its signal. Timer and listener are gone afterwards: a signal that lives long gathers nothing.
 * @throws what `onTimeout` or `onAbort` say, or what the work throws
 */
export const withDeadline = async <T>(
  runtime: Runtime,
  { timeoutMs, onTimeout, onAbort = reason => reason, parent }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  if (parent?.aborted) throw onAbort(parent.reason)
  const controller = new AbortController()
  const abortByParent = () => controller.abort(onAbort(parent?.reason))
  const stopTimer = runtime.startTimer(timeoutMs, () => controller.abort(onTimeout()))
  parent?.addEventListener('abort', abortByParent, { once: true })
  try {
    return await new Promise<T>((resolve, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
      work(controller.signal).then(resolve, reject)
    })
  } finally {
    stopTimer()
    parent?.removeEventListener('abort', abortByParent)
  }
}
