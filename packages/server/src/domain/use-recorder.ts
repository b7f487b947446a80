import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from '../observability/logger'
import type { Storage } from '../storage/storage'
import { PeriodicFlush } from './periodic-flush'

const FLUSH_INTERVAL_MS = 5_000
/** Keys and sessions in one transaction: few enough that no request waits noticeably behind it. */
const BATCH_SIZE = 200

interface KeyUse {
  readonly requests: number
  readonly lastRequestAt: number
}

/**
 * Remembers when keys and sessions were used and writes it down in batches, never within a request. What a crash
 * loses is at most the last seconds; after a clean stop all of it is on disk.
 */
export class UseRecorder {
  private readonly keys = new Map<string, KeyUse>()
  private readonly sessions = new Map<string, number>()
  /** Taken out of `keys`, and perhaps not on disk yet. */
  private keysBeingWritten: readonly (readonly [string, KeyUse])[] = []
  private readonly writing: PeriodicFlush

  constructor(
    private readonly storage: Storage,
    private readonly clock: () => number,
    logger: Logger,
  ) {
    const failure = { event: 'use.flush_failed', message: 'could not write last uses' }
    this.writing = new PeriodicFlush(() => this.writePending(), FLUSH_INTERVAL_MS, logger, failure)
  }

  recordKey(id: string): void {
    const requests = (this.keys.get(id)?.requests ?? 0) + 1
    this.keys.set(id, { requests, lastRequestAt: this.clock() })
  }

  recordSession(id: string): void {
    this.sessions.set(id, this.clock())
  }

  /** What is not on disk yet. */
  pendingKeyUse(id: string): KeyUse | undefined {
    return this.keys.get(id)
  }

  /** Keys that were used at this time or later, of those whose use is not on disk yet, or only just. */
  keysUsedSince(time: number): ReadonlySet<string> {
    const used = new Set<string>()
    for (const uses of [this.keys, this.keysBeingWritten])
      for (const [id, { lastRequestAt }] of uses) if (lastRequestAt >= time) used.add(id)
    return used
  }

  start(): void {
    this.writing.start()
  }

  /** Writes down what is known so far. On failure it is kept for the next time. */
  flush(): Promise<void> {
    return this.writing.flush()
  }

  stop(): Promise<void> {
    return this.writing.stop()
  }

  /** Writes what there is now; what comes meanwhile may stay for the next time. */
  private async writePending(): Promise<void> {
    for (let left = Math.max(this.keys.size, this.sessions.size); left > 0; left -= BATCH_SIZE) {
      await this.writeBatch(takeFirst(this.keys, BATCH_SIZE), takeFirst(this.sessions, BATCH_SIZE))
      // SQLite answers at once, so without this the batches would be one long turn.
      await nextTurn()
    }
  }

  private async writeBatch(keys: [string, KeyUse][], sessions: [string, number][]): Promise<void> {
    this.keysBeingWritten = keys
    try {
      await this.storage.transaction(async stores => {
        // In the order of ids, so that two processes never wait for each other in a circle.
        for (const [id, use] of keys.sort(byId)) await stores.apiKeys.addUse({ id, ...use })
        for (const [id, lastSeenAt] of sessions.sort(byId)) await stores.sessions.markSeen(id, lastSeenAt)
      })
    } catch (error) {
      this.takeBack(keys, sessions)
      throw error
    } finally {
      this.keysBeingWritten = []
    }
  }

  private takeBack(keys: [string, KeyUse][], sessions: [string, number][]): void {
    for (const [id, use] of keys) {
      const newer = this.keys.get(id)
      this.keys.set(id, newer ? { ...newer, requests: newer.requests + use.requests } : use)
    }
    for (const [id, lastSeenAt] of sessions) if (!this.sessions.has(id)) this.sessions.set(id, lastSeenAt)
  }
}

/** Removes the first `count` entries. @returns them */
const takeFirst = <Value>(map: Map<string, Value>, count: number): [string, Value][] => {
  const taken: [string, Value][] = []
  for (const entry of map) {
    if (taken.length === count) break
    taken.push(entry)
    map.delete(entry[0])
  }
  return taken
}

const byId = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1)
