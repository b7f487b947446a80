import type { CommandContext } from '../context'

/**
 * Does something to each of several things, one after the other. What was done before one failed is told.
 * @param done the word for it, such as `Revoked`
 */
export const doInTurn = async <Item extends string, T>(
  context: CommandContext,
  items: readonly Item[],
  done: string,
  work: (item: Item) => Promise<T>,
): Promise<T[]> => {
  const results: T[] = []
  try {
    for (const item of items) results.push(await work(item))
  } catch (error) {
    if (results.length > 0) {
      context.output.warn(`${done} before it failed: ${items.slice(0, results.length).join(', ')}`)
    }
    throw error
  }
  return results
}
