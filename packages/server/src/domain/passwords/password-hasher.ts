import { randomBytes } from 'node:crypto'
import { DomainError } from '../domain-error'

/** argon2id with 19 MiB, two passes, one lane (OWASP's first choice). */
const ARGON2_OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const BUSY_RETRY_SECONDS = 2

export interface PasswordHasher {
  /** @throws DomainError SERVICE_UNAVAILABLE if too many hashes wait already */
  hash(password: string): Promise<string>
  /**
   * Compares in constant time. Without a hash (no such account) it does the same work and answers false.
   * @throws DomainError SERVICE_UNAVAILABLE if too many hashes wait already
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
}

/**
 * Runs `concurrency` at a time and lets `queueLength` wait; what comes after is refused, so that a flood of sign-ins
 * takes neither the processor nor the memory that other requests need.
 */
const createSlots = (concurrency: number, queueLength: number) => {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
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

/** @param concurrency hashes at the same time; @param queueLength how many more may wait */
export const createPasswordHasher = (concurrency: number, queueLength: number): PasswordHasher => {
  const inSlot = createSlots(concurrency, queueLength)
  const argon2 = () => import('@node-rs/argon2')
  const hash = (password: string) => inSlot(async () => (await argon2()).hash(password, ARGON2_OPTIONS))
  let decoy: Promise<string> | undefined
  /** The hash of a password that nobody knows, made outside the slots and once. */
  const decoyHash = () => {
    decoy ??= argon2().then(({ hash }) => hash(randomBytes(32), ARGON2_OPTIONS))
    return decoy
  }
  // Made ahead, so that the first unknown address takes no longer than the next.
  decoyHash().catch(() => {})
  return {
    hash,
    verify: async (hash, password) => {
      const candidate = hash ?? (await decoyHash())
      const matches = await inSlot(async () => (await argon2()).verify(candidate, password))
      return matches && hash !== undefined
    },
  }
}
