import { usageError } from '../../cli-error'

/**
 * A whole number that an option gives.
 * @param flag named in the complaint
 * @throws CliError (exit 2)
 */
export const readCount = (text: string, flag: string, atLeast = 1): number => {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (count < atLeast) throw usageError(`${flag} takes a number from ${atLeast} up.`)
  return count
}
