import type { DomainContext } from '../domain/domain-context'
import { answerMailRequests } from '../domain/mail-requests/answer-mail-requests'
import { setUnreferencedTimer } from '../timers/unreferenced-timers'

/** So the answer of whoever asked is on its way before the work begins that differs between known and unknown addresses. */
const WAKE_DELAY_MS = 50
const POLL_INTERVAL_MS = 5_000

export interface MailRequestWorker {
  /** Answers what an earlier process left, and from then on looks every five seconds. */
  start(): void
  /** Call after a commit that put in a request: it is answered in a moment. */
  wake(): void
  /** Begins no more, and lets what is under way end. */
  stop(): Promise<void>
}

/**
 * Answers the mails that were asked for by address, out of sight of who asked.
 * @param setTimer runs `work` once after `delayMs`, without keeping the process alive; returns what calls it off
 */
export const createMailRequestWorker = (
  context: DomainContext,
  setTimer = setUnreferencedTimer,
): MailRequestWorker => {
  let state: 'idle' | 'started' | 'stopped' = 'idle'
  let round: Promise<void> | undefined
  let isWoken = false
  let cancelTimer = () => {}

  const startRoundIn = (delayMs: number) => {
    cancelTimer()
    cancelTimer = setTimer(startRound, delayMs)
  }

  const startRound = () => {
    isWoken = false
    round = answerMailRequests(context, () => state === 'stopped')
      .catch(err =>
        context.logger.error({ err, event: 'mail_request.round_failed' }, 'mail requests out of reach'),
      )
      .finally(() => {
        round = undefined
        if (state === 'started') startRoundIn(isWoken ? WAKE_DELAY_MS : POLL_INTERVAL_MS)
      })
  }

  return {
    start: () => {
      state = 'started'
      startRound()
    },
    wake: () => {
      // Woken again and again, it still begins when it was to begin first.
      if (state !== 'started' || isWoken) return
      isWoken = true
      if (round === undefined) startRoundIn(WAKE_DELAY_MS)
    },
    stop: async () => {
      state = 'stopped'
      cancelTimer()
      await round
    },
  }
}
