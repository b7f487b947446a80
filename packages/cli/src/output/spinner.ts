/** A quick answer needs no spinner, and loading one takes as long as the answer. */
const SHOW_AFTER_MS = 400

/**
 * Shows a spinner while `work` takes its time; a quick one never sees it.
 * @param start shows it and answers with what takes it away
 */
export const withSpinner = async <T>(
  start: () => Promise<() => void>,
  work: () => Promise<T>,
): Promise<T> => {
  let showing: Promise<() => void> | undefined
  const timer = setTimeout(() => {
    showing = start()
  }, SHOW_AFTER_MS)
  try {
    return await work()
  } finally {
    clearTimeout(timer)
    const stop = await showing
    stop?.()
  }
}
