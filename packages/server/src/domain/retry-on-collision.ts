import { findUniqueViolation } from '../storage/unique-violation'

const MAX_TRIES = 5

/**
 * Runs `work` again if a name that it chose by itself was taken by somebody else in the same moment.
 * @param chosen columns whose values `work` chooses anew each time
 */
export const retryOnCollision = async <T>(chosen: readonly string[], work: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const column = findUniqueViolation(error)?.columns.at(-1)
      if (column === undefined || !chosen.includes(column) || tries === MAX_TRIES) throw error
    }
  }
}
