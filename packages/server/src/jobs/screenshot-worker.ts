import type { DomainContext } from '../domain/domain-context'
import type { Photographer } from '../domain/screenshots/photographer'
import { takeDueScreenshots } from '../domain/screenshots/take-due-screenshots'
import { setUnreferencedTimer } from '../timers/unreferenced-timers'

const POLL_INTERVAL_MS = 5_000

export interface ScreenshotWorker {
  /** Takes what is due now, and from then on looks every five seconds. */
  start(): void
  /** Call after a commit that asked for a screenshot: it is begun at once. */
  wake(): void
  /** Begins no more, and puts what is under way back into the queue. The photographer is closed when it resolves. */
  stop(): Promise<void>
}

/**
 * Takes the screenshots that were asked for, one after the other.
 * @param setTimer runs `work` once after `delayMs`, without keeping the process alive; returns what calls it off
 */
export const createScreenshotWorker = (
  context: Pick<DomainContext, 'storage' | 'clock' | 'logger'>,
  photographer: Photographer,
  setTimer = setUnreferencedTimer,
): ScreenshotWorker => {
  let state: 'idle' | 'started' | 'stopped' = 'idle'
  let round: Promise<void> | undefined
  let isWokenMeanwhile = false
  let cancelTimer = () => {}

  const startRound = () => {
    cancelTimer()
    isWokenMeanwhile = false
    round = takeDueScreenshots(context, photographer, () => state === 'stopped')
      .catch(err =>
        context.logger.error({ err, event: 'screenshot.round_failed' }, 'screenshots out of reach'),
      )
      .finally(() => {
        round = undefined
        if (state !== 'started') return
        if (isWokenMeanwhile) startRound()
        else cancelTimer = setTimer(startRound, POLL_INTERVAL_MS)
      })
  }

  const wake = () => {
    if (state !== 'started') return
    if (round === undefined) startRound()
    else isWokenMeanwhile = true
  }

  return {
    start: () => {
      state = 'started'
      wake()
    },
    wake,
    stop: async () => {
      state = 'stopped'
      cancelTimer()
      await photographer.close()
      await round
    },
  }
}
