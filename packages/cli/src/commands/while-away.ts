import { isSnoopError, type SnoopApiError, type SnoopError } from '@snoop/sdk'
import type { CommandContext } from '../context'

/** Longer than a restart of a server takes; after it somebody should look. */
const GIVE_UP_AFTER_MS = 5 * 60_000
const ASK_AGAIN_AFTER_MS = 2000

/** Whether the same question may well be answered in a while. */
const mayPass = (error: SnoopError): boolean => {
  if (error.kind === 'connection' || error.kind === 'timeout') return true
  if (error.kind !== 'api') return false
  const { status } = error as SnoopApiError
  return status >= 500 || status === 429
}

const waitMsOf = (error: SnoopError): number => {
  const seconds = error.kind === 'api' ? (error as SnoopApiError).retryAfter : undefined
  return Math.max(ASK_AGAIN_AFTER_MS, (seconds ?? 0) * 1000)
}

/**
 * Asks the server, again while it is away or wants to be left alone, for five minutes. Says so once, and when it is over.
 * @param ask to be done twice without harm
 * @throws what `ask` throws, if waiting does not help or has not helped
 */
export const whileAway = async <T>(context: CommandContext, ask: () => Promise<T>): Promise<T> => {
  const { around, output, signal } = context
  const startedMs = around.now()
  for (let isAway = false; ; isAway = true) {
    try {
      const answer = await ask()
      if (isAway) output.warn('The server answers again.')
      return answer
    } catch (error) {
      if (!isSnoopError(error) || !mayPass(error)) throw error
      const waitMs = waitMsOf(error)
      if (around.now() + waitMs - startedMs > GIVE_UP_AFTER_MS) throw error
      if (!isAway) output.warn(`${error.message.replace(/\.$/, '')}. Waiting for it.`)
      await around.sleep(waitMs, signal)
    }
  }
}
