import { setImmediate as nextTurn } from 'node:timers/promises'
import { KEPT_MS } from '../domain/idempotency/claim-write'
import type { Storage } from '../storage/storage'

const DAY_MS = 24 * 3600 * 1000
/** Ended rows are kept this long, for whoever looks into what happened. */
const KEEP_MS = 7 * DAY_MS
const LOGIN_HISTORY_MS = 180 * DAY_MS
/** A counter that took no guess for so long begins anew: a hundred guesses in a month find no password. */
const GUESSES_MS = 30 * DAY_MS
/** As long as anybody could ask what became of a payment. */
const CHECKOUTS_MS = 30 * DAY_MS
/** Longer than Stripe sends an event again. */
const PAYMENT_EVENTS_MS = 60 * DAY_MS
/** Few enough that no request waits noticeably behind the statement. */
const BATCH_SIZE = 500

/**
 * Removes in small batches: sessions, sign-ins for tokens, links and sent mails that ended long ago, challenges and devices
 * that have ended, old login history, counters of guesses that nobody makes any more, and answers that are kept no longer.
 * Keys are kept: dead ones stay visible.
 * @returns how many rows went
 */
export const sweepExpired = async (storage: Storage, now: number): Promise<number> => {
  const longAgo = now - KEEP_MS
  const batches = [
    () => storage.sessions.deleteExpired(longAgo, BATCH_SIZE),
    () => storage.tokenFamilies.deleteExpired(longAgo, BATCH_SIZE),
    () => storage.linkTokens.deleteExpired(longAgo, BATCH_SIZE),
    () => storage.outbox.deleteSent(longAgo, BATCH_SIZE),
    () => storage.challenges.deleteExpired(now, BATCH_SIZE),
    () => storage.devices.deleteExpired(now, BATCH_SIZE),
    () => storage.loginEvents.deleteOld(now - LOGIN_HISTORY_MS, BATCH_SIZE),
    () => storage.guessCounters.deleteUntouched(now - GUESSES_MS, BATCH_SIZE),
    () => storage.checkouts.deleteExpired(now - CHECKOUTS_MS, BATCH_SIZE),
    () => storage.paymentEvents.deleteOld(now - PAYMENT_EVENTS_MS, BATCH_SIZE),
    () => storage.idempotencyClaims.deleteOld(now - KEPT_MS, BATCH_SIZE),
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
