import type { WindowStore } from '../../storage/window-store'
import {
  decideRateLimit,
  decideRateLimits,
  type EndingWindow,
  joinWindows,
  type RateLimitRule,
  type RateLimitVerdict,
} from './decide-rate-limit'
import type { SubjectLimiter } from './subject-limiter'

/** More subjects than this and what is known of the ones that came first is read again: memory stays bounded. */
const MAX_KNOWN = 100_000
/** Windows outlive their end by this in the store: the clock of a process that still counts in one may be behind. */
const KEEP_MS = 60_000

/** A request that waits for its verdict. */
interface Waiting {
  readonly rule: RateLimitRule
  resolve(verdict: RateLimitVerdict): void
  reject(error: unknown): void
}

/**
 * Counts in a store that several processes write: each change is made on condition that the window is still as it was when it was
 * decided on. What this process wrote last it remembers, so that one statement usually does; requests of a subject that
 * come while one is under way are decided together by the next.
 */
export class SharedLimiter implements SubjectLimiter {
  private readonly known = new Map<string, EndingWindow>()
  /** Of each subject with a statement under way, those who came since. */
  private readonly queues = new Map<string, Waiting[]>()

  constructor(
    private readonly store: WindowStore,
    private readonly clock: () => number,
  ) {}

  /** @throws StorageError, or what else keeps the store from answering: nobody is let through uncounted */
  take(subject: string, rule: RateLimitRule): Promise<RateLimitVerdict> {
    return new Promise((resolve, reject) => {
      const waiting = { rule, resolve, reject }
      const queue = this.queues.get(subject)
      if (queue) queue.push(waiting)
      else void this.work(subject, [waiting])
    })
  }

  /** @throws as `take` */
  async peek(subject: string, rule: RateLimitRule): Promise<RateLimitVerdict> {
    return decideRateLimit(rule, await this.store.find(subject), this.clock(), 0).verdict
  }

  /** @throws as `take` */
  async handOver(subject: string, heir: string, rule: RateLimitRule): Promise<void> {
    const now = this.clock()
    // Emptied on condition that it is as it was found, so that of several who hand it over one does.
    const moved = await this.change(subject, found =>
      found && found.used > 0 ? { startedAt: found.startedAt, used: 0, endsAt: now } : undefined,
    )
    if (moved) await this.change(heir, there => joinWindows(rule, [moved, there], now))
  }

  /** Forgets windows that are over, here and in the store. @throws as `take` */
  async sweep(): Promise<void> {
    const now = this.clock()
    for (const [subject, { endsAt }] of this.known) if (endsAt <= now) this.known.delete(subject)
    await this.store.deleteEnded(now - KEEP_MS)
  }

  /** @param next undefined: nothing is to change @returns what was there before the change */
  private async change(
    subject: string,
    next: (found: EndingWindow | undefined) => EndingWindow | undefined,
  ): Promise<EndingWindow | undefined> {
    for (;;) {
      const found = await this.store.find(subject)
      const window = next(found)
      if (!window) return undefined
      if (!(await this.store.swap(subject, found, window))) continue
      this.remember(subject, window)
      return found
    }
  }

  /** Never rejects: whoever waits is told. */
  private async work(subject: string, first: readonly Waiting[]): Promise<void> {
    for (let batch = first; batch.length > 0; batch = this.queues.get(subject) ?? []) {
      this.queues.set(subject, [])
      try {
        const verdicts = await this.decide(
          subject,
          batch.map(({ rule }) => rule),
        )
        for (const [at, verdict] of verdicts.entries()) batch[at]?.resolve(verdict)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.queues.delete(subject)
  }

  private async decide(
    subject: string,
    rules: readonly RateLimitRule[],
  ): Promise<readonly RateLimitVerdict[]> {
    let found = this.known.get(subject)
    for (;;) {
      const { verdicts, window } = decideRateLimits(rules, found, this.clock())
      // Others only use more of it up, so what is known to be full needs no asking.
      if (verdicts.every(({ allowed }) => !allowed)) return verdicts
      if (await this.store.swap(subject, found, window)) {
        this.remember(subject, window)
        return verdicts
      }
      // Somebody else has counted meanwhile: as often as that happens, somebody gets on.
      found = await this.store.find(subject)
    }
  }

  private remember(subject: string, window: EndingWindow): void {
    this.known.set(subject, window)
    if (this.known.size <= MAX_KNOWN) return
    for (const oldest of this.known.keys()) {
      this.known.delete(oldest)
      return
    }
  }
}
