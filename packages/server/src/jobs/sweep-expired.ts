import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Storage } from '../storage/storage'

const DAY_MS = 24 * 3600 * 1000
/** Ended rows are kept this long, for whoever looks into what happened. */
const KEEP_MS = 7 * DAY_MS
/** Few enough that no request waits noticeably behind the statement. */
const BATCH_SIZE = 500

/** Removes long-ended sessions, links and sent mails in small batches. Keys are kept: dead ones stay visible. */
export const sweepExpired = async (storage: Storage, now: number): Promise<number> => {
  const before = now - KEEP_MS
  const batches = [
    () => storage.sessions.deleteExpired(before, BATCH_SIZE),
    () => storage.linkTokens.deleteExpired(before, BATCH_SIZE),
    () => storage.outbox.deleteSent(before, BATCH_SIZE),
  ]
  let total = 0
  for (const deleteBatch of batches) {
    for (let deleted = BATCH_SIZE; deleted === BATCH_SIZE; total += deleted) {
      deleted = await deleteBatch()
      // SQLite answers at once, so without this the batches would be one long turn.
      await nextTurn()
    }
  }
  return total
}
