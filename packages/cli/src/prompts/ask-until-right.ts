import { CliError } from '../cli-error'
import type { CommandContext } from '../context'

const TRIES = 3

/**
 * Asks and tries, and asks again where the answer was wrong, three times in all.
 * @param wrong the error codes that mean a wrong answer
 * @param tryIt what the answer is for
 * @throws what `tryIt` throws, at the last try or for any other reason
 */
export const askUntilRight = async <Answer, T>(
  context: CommandContext,
  wrong: readonly string[],
  ask: () => Promise<Answer>,
  tryIt: (answer: Answer) => Promise<T>,
): Promise<T> => {
  for (let left = TRIES - 1; ; left--) {
    const answer = await ask()
    try {
      return await tryIt(answer)
    } catch (error) {
      const isWrong = error instanceof CliError && wrong.includes(error.details.code)
      if (!isWrong || left === 0) throw error
      context.output.warn(error.message)
    }
  }
}
