import { usageError } from '../cli-error'
import type { CommandContext } from '../context'
import { readStdin } from './read-stdin'

/** What a flag such as `--password-stdin` reads. */
export interface SecretLines {
  readonly flag: string
  /** What each line holds, such as `the password`. */
  readonly names: readonly string[]
  /** So many of them must be there. */
  readonly needed: number
}

/**
 * Reads secrets from stdin, one a line.
 * @returns a line for each name; undefined for one that is not there
 * @throws CliError (exit 2) if stdin is the terminal, or has too few or too many lines; no line is quoted
 */
export const readSecretLines = async (
  context: CommandContext,
  { flag, names, needed }: SecretLines,
): Promise<(string | undefined)[]> => {
  if (context.around.stdin.isTTY) {
    throw usageError(`${flag} reads from a pipe or file, not from the terminal.`, 'Leave it out to be asked.')
  }
  const lines = (await readStdin(context)).split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  if (lines.length > names.length) {
    throw usageError(
      `There are ${lines.length} lines on stdin.`,
      `${flag} takes ${names.length}: ${names.join(', then ')}.`,
    )
  }
  const missing = names.slice(0, needed).find((_, index) => !lines[index])
  if (missing !== undefined) {
    throw usageError(
      `There is no line for ${missing} on stdin.`,
      `${flag} takes ${names.join(', then ')}, one a line.`,
    )
  }
  return names.map((_, index) => lines[index] || undefined)
}
