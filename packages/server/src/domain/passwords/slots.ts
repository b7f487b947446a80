import { DomainError } from '../domain-error'

const BUSY_RETRY_SECONDS = 2

/** Runs work when it is its turn. @throws DomainError SERVICE_UNAVAILABLE if too much waits already */
export type InSlot = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Runs `concurrency` at a time, in the order they came, and lets `queueLength` wait; what comes after is refused, so
 * that a flood of sign-ins takes neither the processor nor the memory that other requests need.
 */
export const createSlots = (concurrency: number, queueLength: number): InSlot => {
  let running = 0
  const waiting: (() => void)[] = []
  return async work => {
    if (running < concurrency) running++
    else {
      if (waiting.length >= queueLength) {
        throw new DomainError('SERVICE_UNAVAILABLE', {
          message: 'Too many people are signing in right now, please try again',
          detail: { retryAfterSeconds: BUSY_RETRY_SECONDS },
        })
      }
      await new Promise<void>(resolve => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
