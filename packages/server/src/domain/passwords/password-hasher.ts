import { randomBytes } from 'node:crypto'
import { createSlots } from './slots'

/** argon2id with 19 MiB, two passes, one lane (OWASP's first choice). */
const ARGON2_OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export interface PasswordHasher {
  /** @throws DomainError SERVICE_UNAVAILABLE if too many hashes wait already */
  hash(password: string): Promise<string>
  /**
   * Compares in constant time. Without a hash (no such account) it does the same work and answers false.
   * @throws DomainError SERVICE_UNAVAILABLE if too many hashes wait already
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
  /** Whether a hash was made with weaker parameters than new ones are. */
  isOutdated(hash: string): boolean
}

/** By the parameters that a PHC string states (`$argon2id$v=19$m=19456,t=2,p=1$…`). */
const isOutdated = (hash: string): boolean => {
  const [, memory, time] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),/.exec(hash) ?? []
  return !(Number(memory) >= ARGON2_OPTIONS.memoryCost && Number(time) >= ARGON2_OPTIONS.timeCost)
}

/** @param concurrency hashes at the same time; @param queueLength how many more may wait */
export const createPasswordHasher = (concurrency: number, queueLength: number): PasswordHasher => {
  const inSlot = createSlots(concurrency, queueLength)
  const argon2 = () => import('@node-rs/argon2')
  const hash = (password: string) => inSlot(async () => (await argon2()).hash(password, ARGON2_OPTIONS))
  let decoy: Promise<string> | undefined
  /** The hash of a password that nobody knows, made outside the slots and once. */
  const decoyHash = () => {
    decoy ??= argon2()
      .then(({ hash }) => hash(randomBytes(32), ARGON2_OPTIONS))
      .catch(error => {
        decoy = undefined
        throw error
      })
    return decoy
  }
  // Made ahead, so that the first unknown address takes no longer than the next.
  decoyHash().catch(() => {})
  return {
    hash,
    isOutdated,
    verify: async (hash, password) => {
      const candidate = hash ?? (await decoyHash())
      const matches = await inSlot(async () => (await argon2()).verify(candidate, password))
      return matches && hash !== undefined
    },
  }
}
