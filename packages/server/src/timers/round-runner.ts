import { setUnreferencedTimer } from './unreferenced-timers'

/** Does a round of work every few seconds, and when it is woken; never two at a time. */
export interface RoundRunner {
  /** Begins a round now, and from then on one some time after the end of the one before. */
  start(): void
  /** Begins a round at once, or as soon as the one under way has ended. */
  wake(): void
  /** Begins no more, and resolves when the one under way has ended. */
  stop(): Promise<void>
}

export interface RoundRunnerOptions {
  /** A round. @param isStopped asked again and again, so that a long round ends early; it must not reject */
  readonly run: (isStopped: () => boolean) => Promise<void>
  readonly everyMs: number
  /** Runs `work` once after `delayMs`, without keeping the process alive; returns what calls it off. */
  readonly setTimer?: ((work: () => void, delayMs: number) => () => void) | undefined
}

export const createRoundRunner = ({
  run,
  everyMs,
  setTimer = setUnreferencedTimer,
}: RoundRunnerOptions): RoundRunner => {
  let state: 'idle' | 'started' | 'stopped' = 'idle'
  let round: Promise<void> | undefined
  let isWokenMeanwhile = false
  let cancelTimer = () => {}

  const startRound = () => {
    cancelTimer()
    isWokenMeanwhile = false
    round = run(() => state === 'stopped').finally(() => {
      round = undefined
      if (state !== 'started') return
      if (isWokenMeanwhile) startRound()
      else cancelTimer = setTimer(startRound, everyMs)
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
      await round
    },
  }
}
