import { CliError, usageError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT } from '../exit-codes'
import { readStdin } from './read-stdin'

/**
 * A value that a flag gives, or else the person at the terminal.
 * @param flag named where there is neither
 * @throws CliError (exit 2) if nobody can be asked
 */
export const askText = async (
  context: CommandContext,
  given: string | undefined,
  { flag, ...question }: { flag: string; message: string; initial?: string },
): Promise<string> => {
  if (given !== undefined) return given
  if (!context.canAsk) throw usageError(`${flag} is missing, and there is nobody to ask.`, `Add ${flag}.`)
  const validate = (value: string): string | undefined => (value.trim() === '' ? 'Needed' : undefined)
  return (await (await context.prompts()).text({ ...question, validate })).trim()
}

const readFromStdin = async (context: CommandContext): Promise<string> => {
  if (context.around.stdin.isTTY) {
    throw usageError(
      '--password-stdin reads from a pipe or file, not from the terminal.',
      'Leave it out to be asked.',
    )
  }
  const password = (await readStdin(context)).replace(/\r?\n$/, '')
  if (password === '') throw usageError('There is no password on stdin.')
  return password
}

const MIN_PASSWORD_LENGTH = 8

const checkNewPassword = (value: string): string | undefined =>
  value.length < MIN_PASSWORD_LENGTH ? `Must be at least ${MIN_PASSWORD_LENGTH} characters` : undefined

/**
 * The password from stdin or, unseen, from the person at the terminal. There is no flag that takes it.
 * @param isNew asks twice
 * @throws CliError (exit 2) if nobody can be asked
 */
export const askPassword = async (
  context: CommandContext,
  { fromStdin, isNew }: { fromStdin: boolean; isNew: boolean },
): Promise<string> => {
  if (fromStdin) return readFromStdin(context)
  if (!context.canAsk) {
    throw usageError(
      'There is no terminal to ask for the password.',
      'Pipe it in:  --password-stdin < password.txt',
    )
  }
  const prompts = await context.prompts()
  const password = await prompts.password({
    message: isNew ? `Password (${MIN_PASSWORD_LENGTH} characters or more)` : 'Password',
    validate: isNew ? checkNewPassword : value => (value === '' ? 'Needed' : undefined),
  })
  if (isNew) {
    await prompts.password({
      message: 'The same again',
      validate: value => (value === password ? undefined : 'The two are not the same'),
    })
  }
  return password
}

/**
 * Makes sure before something is lost. Not to be called while a spinner may turn.
 * @throws CliError: exit 2 if nobody can be asked, exit 1 if the answer is no
 */
export const confirmLoss = async (context: CommandContext, message: string): Promise<void> => {
  if (context.flags.yes) return
  if (!context.canAsk)
    throw usageError('This cannot be undone, and there is nobody to ask.', 'Add --yes to go ahead.')
  const agreed = await (await context.prompts()).confirm({ message, initial: false })
  if (!agreed) throw new CliError('Nothing was changed.', { code: 'declined', exit: EXIT.FAILURE })
}
