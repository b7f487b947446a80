import type { Logger } from '../observability/logger'
import type { Storage } from '../storage/storage'

const FLUSH_INTERVAL_MS = 5_000

/**
 * Remembers when keys and sessions were used and writes it down in batches, never within a request. What a crash
 * loses is at most the last seconds; after a clean stop all of it is on disk.
 */
export class UseRecorder {
  private keys = new Map<string, { requests: number; lastRequestAt: number }>()
  private sessions = new Map<string, number>()
  private timer: NodeJS.Timeout | undefined
  private flushing: Promise<void> = Promise.resolve()

  constructor(
    private readonly storage: Storage,
    private readonly clock: () => number,
    private readonly logger: Logger,
  ) {}

  recordKey(id: string): void {
    const use = this.keys.get(id)
    if (use) {
      use.requests++
      use.lastRequestAt = this.clock()
    } else this.keys.set(id, { requests: 1, lastRequestAt: this.clock() })
  }

  recordSession(id: string): void {
    this.sessions.set(id, this.clock())
  }

  /** What is not on disk yet. */
  pendingKeyUse(id: string): { readonly requests: number; readonly lastRequestAt: number } | undefined {
    return this.keys.get(id)
  }

  start(): void {
    this.timer = setInterval(() => {
      this.flush().catch(err =>
        this.logger.error({ err, event: 'use.flush_failed' }, 'could not write last uses'),
      )
    }, FLUSH_INTERVAL_MS).unref()
  }

  /** Writes down what is known so far. On failure it is kept for the next time. */
  flush(): Promise<void> {
    this.flushing = this.flushing.catch(() => {}).then(() => this.writeBatch())
    return this.flushing
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.flush()
  }

  private async writeBatch(): Promise<void> {
    if (this.keys.size === 0 && this.sessions.size === 0) return
    const keys = this.keys
    const sessions = this.sessions
    this.keys = new Map()
    this.sessions = new Map()
    try {
      await this.storage.transaction(async stores => {
        // In the order of ids, so that two processes never wait for each other in a circle.
        for (const [id, use] of [...keys].sort(byId)) await stores.apiKeys.addUse({ id, ...use })
        for (const [id, lastSeenAt] of [...sessions].sort(byId)) {
          await stores.sessions.update(id, { last_seen_at: lastSeenAt })
        }
      })
    } catch (error) {
      this.takeBack(keys, sessions)
      throw error
    }
  }

  private takeBack(
    keys: ReadonlyMap<string, { requests: number; lastRequestAt: number }>,
    sessions: ReadonlyMap<string, number>,
  ): void {
    for (const [id, use] of keys) {
      const newer = this.keys.get(id)
      if (newer) newer.requests += use.requests
      else this.keys.set(id, use)
    }
    for (const [id, lastSeenAt] of sessions) if (!this.sessions.has(id)) this.sessions.set(id, lastSeenAt)
  }
}

const byId = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1)
