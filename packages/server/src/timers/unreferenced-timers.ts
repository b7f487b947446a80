/** Runs `work` once after `delayMs`, without keeping the process alive. @returns what calls it off */
export const setUnreferencedTimer = (work: () => void, delayMs: number): (() => void) => {
  const timer = setTimeout(work, delayMs).unref()
  return () => clearTimeout(timer)
}

/** Runs `work` again and again, without keeping the process alive. @returns what ends it */
export const repeatUnreferenced = (work: () => void, everyMs: number): (() => void) => {
  const timer = setInterval(work, everyMs).unref()
  return () => clearInterval(timer)
}
