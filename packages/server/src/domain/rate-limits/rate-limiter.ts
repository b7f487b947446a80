import {
  decideRateLimit,
  type EndingWindow,
  endOfWindow,
  joinWindows,
  type RateLimitRule,
  type RateLimitVerdict,
} from './decide-rate-limit'

/** More subjects than this and the ones whose window began first are forgotten: memory stays bounded in a flood. */
const MAX_SUBJECTS = 100_000

/** Windows of many subjects (addresses, keys), in this process. */
export class RateLimiter {
  private readonly entries = new Map<string, EndingWindow>()

  constructor(private readonly clock: () => number) {}

  /** Counts one request of `subject`, if it is allowed. */
  take(subject: string, rule: RateLimitRule): RateLimitVerdict {
    const now = this.clock()
    const previous = this.entries.get(subject)
    const { verdict, window } = decideRateLimit(rule, previous, now, 1)
    // A new window goes to the end, so that the map stays in the order in which windows began.
    if (previous && previous.startedAt !== window.startedAt) this.entries.delete(subject)
    this.entries.set(subject, { ...window, endsAt: endOfWindow(rule, window) })
    if (this.entries.size > MAX_SUBJECTS) this.forgetOldest()
    return verdict
  }

  /** What `take` would find, counting nothing. */
  peek(subject: string, rule: RateLimitRule): RateLimitVerdict {
    return decideRateLimit(rule, this.entries.get(subject), this.clock(), 0).verdict
  }

  /** As `SubjectLimiter` says. */
  handOver(subject: string, heir: string, rule: RateLimitRule): void {
    const moved = this.entries.get(subject)
    if (!moved) return
    this.entries.delete(subject)
    this.entries.set(heir, joinWindows(rule, [moved, this.entries.get(heir)], this.clock()))
  }

  /** Forgets windows that are over. */
  sweep(): void {
    const now = this.clock()
    for (const [subject, entry] of this.entries) if (entry.endsAt <= now) this.entries.delete(subject)
  }

  /** Every window by its subject, the ones that are over too. */
  list(): Iterable<readonly [subject: string, window: EndingWindow]> {
    return this.entries
  }

  get size(): number {
    return this.entries.size
  }

  private forgetOldest(): void {
    for (const subject of this.entries.keys()) {
      this.entries.delete(subject)
      return
    }
  }
}
