import type { Logger } from '../../observability/logger'
import type { Storage } from '../../storage/storage'
import type { LoginEventRow } from '../../storage/stores/login-event-store'
import { PeriodicFlush } from '../periodic-flush'

const FLUSH_INTERVAL_MS = 1_000
/** More failures than this before they can be written down and the rest is only counted in the log. */
const MAX_PENDING = 10_000
const BATCH_SIZE = 100

/**
 * Writes failed sign-ins into the login history, a moment later and in batches: an unknown address has no history, and
 * the time of the answer must not tell.
 */
export class FailedSignInRecorder {
  private pending: LoginEventRow[] = []
  private readonly writing: PeriodicFlush

  constructor(
    private readonly storage: Storage,
    logger: Logger,
  ) {
    const failure = { event: 'login_history.flush_failed', message: 'could not write failed sign-ins' }
    this.writing = new PeriodicFlush(() => this.writePending(), FLUSH_INTERVAL_MS, logger, failure)
  }

  record(row: LoginEventRow): void {
    if (this.pending.length < MAX_PENDING) this.pending.push(row)
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

  private async writePending(): Promise<void> {
    while (this.pending.length > 0) {
      const batch = this.pending.slice(0, BATCH_SIZE)
      await this.writeBatch(batch)
      this.pending = this.pending.slice(batch.length)
    }
  }

  /** One whose account was deleted meanwhile is left out. */
  private writeBatch(batch: readonly LoginEventRow[]): Promise<void> {
    return this.storage.transaction(async stores => {
      const isThere = new Map<string, boolean>()
      for (const { user_id } of batch) {
        if (!isThere.has(user_id)) isThere.set(user_id, await stores.users.lock(user_id))
      }
      const rows = batch.filter(row => isThere.get(row.user_id))
      if (rows.length > 0) await stores.loginEvents.insert(rows)
    })
  }
}
