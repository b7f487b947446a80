import type { DomainContext } from '../domain/domain-context'
import type { Photographer } from '../domain/screenshots/photographer'
import { takeDueScreenshots } from '../domain/screenshots/take-due-screenshots'
import { createRoundRunner, type RoundRunner, type RoundRunnerOptions } from '../timers/round-runner'

const POLL_INTERVAL_MS = 5_000

/** A round takes what is due: woken after a commit that asked for a screenshot, it is begun at once. */
export interface ScreenshotWorker extends RoundRunner {
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
  setTimer?: RoundRunnerOptions['setTimer'],
): ScreenshotWorker => {
  const rounds = createRoundRunner({
    run: isStopped =>
      takeDueScreenshots(context, photographer, isStopped).catch(err =>
        context.logger.error({ err, event: 'screenshot.round_failed' }, 'screenshots out of reach'),
      ),
    everyMs: POLL_INTERVAL_MS,
    setTimer,
  })
  return {
    ...rounds,
    stop: async () => {
      const isIdle = rounds.stop()
      await photographer.close()
      await isIdle
    },
  }
}
