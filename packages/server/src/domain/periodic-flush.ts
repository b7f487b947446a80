import type { Logger } from '../observability/logger'
import { repeatUnreferenced } from '../timers/unreferenced-timers'

/** What is written behind: `write` every now and then, never twice at the same time, and once more at the stop. */
export class PeriodicFlush {
  private endTimer = () => {}
  private flushing: Promise<void> = Promise.resolve()

  /**
   * @param write writes down what there is; what it could not write it keeps for the next time
   * @param failure what is logged when it fails
   */
  constructor(
    private readonly write: () => Promise<void>,
    private readonly intervalMs: number,
    private readonly logger: Logger,
    private readonly failure: { readonly event: string; readonly message: string },
  ) {}

  start(): void {
    const { event, message } = this.failure
    this.endTimer = repeatUnreferenced(() => {
      this.flush().catch(err => this.logger.error({ err, event }, message))
    }, this.intervalMs)
  }

  /** Waits for a write that is under way, and writes. @throws what `write` throws */
  flush(): Promise<void> {
    this.flushing = this.flushing.catch(() => {}).then(() => this.write())
    return this.flushing
  }

  async stop(): Promise<void> {
    this.endTimer()
    await this.flush()
  }
}
