import { StorageError } from './storage-error'

/** Lets one holder at a time through, in the order they came. */
export class WriteLock {
  readonly #timeoutMs: number
  readonly #waiters = new Set<() => void>()
  #held = false
  #releases = 0

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** @throws StorageError if the lock is not free in time: a transaction that waits for itself must not hang for ever */
  acquire(): Promise<void> {
    if (this.#held) return this.#wait()
    this.#held = true
    return Promise.resolve()
  }

  /** How often it was released: as long as this stays, nobody has committed anything. */
  get releases(): number {
    return this.#releases
  }

  release(): void {
    this.#releases++
    const [next] = this.#waiters
    if (next === undefined) {
      this.#held = false
      return
    }
    this.#waiters.delete(next)
    next()
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const grant = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiters.delete(grant)
        reject(new StorageError(`A transaction has kept the database for longer than ${this.#timeoutMs} ms.`))
      }, this.#timeoutMs)
      this.#waiters.add(grant)
    })
  }
}
