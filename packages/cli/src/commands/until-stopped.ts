import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'

/**
 * Does work that has no end of its own, or whose end is somebody else's. To be asked to stop is no failure then: the
 * exit code tells it, nothing else does.
 */
export const untilStopped = async (
  { signal }: CommandContext,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> => {
  try {
    return await work()
  } catch (error) {
    if (!signal.aborted) throw error
    return signal.reason instanceof CliError ? signal.reason.details.exit : EXIT.INTERRUPTED
  }
}
