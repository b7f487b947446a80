import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks again and again until there is an answer.
 * @template T
 * @param {() => T | undefined | Promise<T | undefined>} ask answers undefined for "not yet"
 * @param {{ what: string, everyMs?: number, deadlineMs?: number }} options `what` is waited for, for the error
 * @returns {Promise<T>}
 */
export const pollUntil = async (ask, { what, everyMs = 20, deadlineMs = 15_000 }) => {
  const end = performance.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs / 1000} s in vain for ${what}`)
    await pause(everyMs)
  }
}
