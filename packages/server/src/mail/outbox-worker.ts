import type { Logger } from '../observability/logger'
import { createRoundRunner, type RoundRunner, type RoundRunnerOptions } from '../timers/round-runner'
import { repeatUnreferenced } from '../timers/unreferenced-timers'
import { decideRetry } from './decide-retry'
import { describeDeliveryError } from './describe-delivery-error'
import type { MailTransport } from './mail-transport'
import { type ClaimedMail, NEVER_AGAIN, type OutboxSource } from './outbox-source'
import { openMail } from './seal-mail'

/** Sent side by side. */
const BATCH_SIZE = 5
/** A mail whose sender died is free again after this time: a link in it may be good for five minutes only. */
const LEASE_MS = 15_000
const EXTEND_LEASE_EVERY_MS = 5_000
const POLL_INTERVAL_MS = 5_000

export interface OutboxWorkerOptions {
  readonly outbox: OutboxSource
  readonly transport: MailTransport
  /** What the mails were sealed with. */
  readonly key: Buffer
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** From 0 to 1. */
  readonly random?: () => number
  readonly setTimer?: RoundRunnerOptions['setTimer']
  /** Runs `work` again and again, without keeping the process alive; returns what ends it. */
  readonly repeat?: (work: () => void, everyMs: number) => () => void
}

/** A round sends what is due: woken after a commit that put a mail into the outbox, it is sent at once. */
export interface OutboxWorker extends RoundRunner {
  /** Claims no more mail, lets what is under way end, and closes the transport. Calling it again waits for the same. */
  stop(): Promise<void>
}

/** Sends the mails of the outbox. Each is sent once, but for a crash between the mail server's answer and its note. */
export const createOutboxWorker = ({
  outbox,
  transport,
  key,
  logger,
  clock = Date.now,
  random = Math.random,
  setTimer,
  repeat = repeatUnreferenced,
}: OutboxWorkerOptions): OutboxWorker => {
  /** Delivered, but the database could not be told: claimed again, they are only noted. */
  const delivered = new Set<string>()

  const noteFailure = async (mail: ClaimedMail, failure: unknown) => {
    const reason = describeDeliveryError(failure)
    const nextAttemptAt = decideRetry(mail, clock(), random())
    const fields = { outboxId: mail.id, attempts: mail.attempts + 1, reason }
    if (nextAttemptAt === NEVER_AGAIN) logger.error({ event: 'mail.given_up', ...fields }, 'mail given up')
    else logger.warn({ event: 'mail.failed', ...fields }, 'mail not sent, will be tried again')
    await outbox.markFailed(mail.id, nextAttemptAt, reason)
  }

  const noteSent = async (id: string) => {
    delivered.add(id)
    await outbox.markSent(id, clock())
    delivered.delete(id)
    logger.debug({ event: 'mail.sent', outboxId: id }, 'mail sent')
  }

  const handle = async (mail: ClaimedMail) => {
    if (!delivered.has(mail.id)) {
      try {
        await transport.deliver(openMail(mail.sealedMail, { key, id: mail.id }), mail.id)
      } catch (failure) {
        return noteFailure(mail, failure)
      }
    }
    return noteSent(mail.id)
  }

  const logOutboxError = (err: unknown) =>
    logger.error({ event: 'mail.outbox_error', err }, 'outbox out of reach')

  /** A slow mail server must not make others think that this sender died. */
  const handleLeased = async (mail: ClaimedMail) => {
    const extendLease = () => outbox.extendLease(mail.id, clock() + LEASE_MS).catch(logOutboxError)
    const endExtending = repeat(extendLease, EXTEND_LEASE_EVERY_MS)
    await handle(mail).catch(logOutboxError).finally(endExtending)
  }

  const sendAllDue = async (isStopped: () => boolean) => {
    while (!isStopped()) {
      const mails = await outbox.claimDue(clock(), BATCH_SIZE, LEASE_MS)
      await Promise.all(mails.map(handleLeased))
      if (mails.length < BATCH_SIZE) return
    }
  }

  const rounds = createRoundRunner({
    run: isStopped => sendAllDue(isStopped).catch(logOutboxError),
    everyMs: POLL_INTERVAL_MS,
    setTimer,
  })
  return {
    ...rounds,
    stop: async () => {
      await rounds.stop()
      await transport.close()
    },
  }
}
