import type { Logger } from '../../observability/logger'
import type { SharedWindows } from '../../storage/window-store'
import { repeatUnreferenced } from '../../timers/unreferenced-timers'
import type { RateLimitRule } from './decide-rate-limit'
import { RateLimiter } from './rate-limiter'
import { SharedLimiter } from './shared-limiter'
import type { SubjectLimiter } from './subject-limiter'

/** Who starts on the same database waits for this long at most to be seen. */
const LOOK_EVERY_MS = 50
const SWEEP_EVERY_MS = 60_000

/** Counts in memory while this process is alone on its database, and with the others once there are any. */
export class JointLimiter implements SubjectLimiter {
  private readonly alone: RateLimiter
  private readonly together: SharedLimiter | undefined
  private endTimers: readonly (() => void)[] = []

  /** @param windows joined by now; undefined: no other process can come */
  constructor(
    private readonly windows: SharedWindows | undefined,
    clock: () => number,
    private readonly logger: Logger,
  ) {
    this.alone = new RateLimiter(clock)
    this.together = windows && new SharedLimiter(windows.store, clock)
  }

  take(subject: string, rule: RateLimitRule) {
    return this.current.take(subject, rule)
  }

  peek(subject: string, rule: RateLimitRule) {
    return this.current.peek(subject, rule)
  }

  handOver(subject: string, heir: string, rule: RateLimitRule) {
    return this.current.handOver(subject, heir, rule)
  }

  start(): void {
    this.endTimers = [
      repeatUnreferenced(() => this.look(), LOOK_EVERY_MS),
      repeatUnreferenced(() => void this.sweep(), SWEEP_EVERY_MS),
    ]
  }

  stop(): void {
    for (const endTimer of this.endTimers) endTimer()
  }

  /** Once another process has come, it is given what was counted here, in one turn of the event loop. Never throws. */
  look(): void {
    if (!this.windows || this.windows.isShared) return
    try {
      this.windows.look(() => this.alone.list())
    } catch (err) {
      this.logger.error({ err, event: 'limits.look_failed' }, 'could not look for other processes')
    }
  }

  /** Forgets windows that are over. Never rejects. */
  async sweep(): Promise<void> {
    this.alone.sweep()
    try {
      if (this.windows?.isShared) await this.together?.sweep()
    } catch (err) {
      this.logger.error({ err, event: 'limits.sweep_failed' }, 'could not remove windows that are over')
    }
  }

  private get current(): RateLimiter | SharedLimiter {
    return this.windows?.isShared && this.together ? this.together : this.alone
  }
}
