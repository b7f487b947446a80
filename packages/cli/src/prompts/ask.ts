import { CliError, usageError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT } from '../exit-codes'

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

/** A question whose answer is not shown. */
export interface SecretQuestion {
  /** What is asked for, such as `the password`. */
  readonly what: string
  /** How to give it where nobody can be asked. */
  readonly way: string
  readonly message: string
  /** What is wrong with an answer; an empty one always is, unless this is given. */
  readonly validate?: (value: string) => string | undefined
}

/**
 * A secret from the person at the terminal, unseen. There is no flag that takes one.
 * @throws CliError (exit 2) if nobody can be asked
 */
export const askSecret = async (
  context: CommandContext,
  { what, way, message, validate = value => (value === '' ? 'Needed' : undefined) }: SecretQuestion,
): Promise<string> => {
  if (!context.canAsk) throw usageError(`There is no terminal to ask for ${what}.`, way)
  return (await context.prompts()).password({ message, validate })
}

const MIN_PASSWORD_LENGTH = 8

const checkNewPassword = (value: string): string | undefined =>
  value.length < MIN_PASSWORD_LENGTH ? `Must be at least ${MIN_PASSWORD_LENGTH} characters` : undefined

/**
 * A new password, typed twice.
 * @param name how the question calls it
 * @throws CliError (exit 2) if nobody can be asked
 */
export const askNewPassword = async (
  context: CommandContext,
  { name, way }: { readonly name: string; readonly way: string },
): Promise<string> => {
  const what = 'the new password'
  const message = `${name} (${MIN_PASSWORD_LENGTH} characters or more)`
  const password = await askSecret(context, { what, way, message, validate: checkNewPassword })
  await askSecret(context, {
    what,
    way,
    message: 'The same again',
    validate: value => (value === password ? undefined : 'The two are not the same'),
  })
  return password
}

const declined = (): CliError =>
  new CliError('Nothing was changed.', { code: 'declined', exit: EXIT.FAILURE })

const FOR_GOOD = 'This cannot be undone'
const ADD_YES = 'Add --yes to go ahead.'

const refuseWithoutPerson = (context: CommandContext, why: string, way: string): void => {
  if (!context.canAsk) throw usageError(`${why}, and there is nobody to ask.`, way)
}

/**
 * Makes sure before something is lost, or costs money. Not to be called while a spinner may turn.
 * @param why it is asked, as the refusal says it where nobody can be
 * @throws CliError: exit 2 if nobody can be asked, exit 1 if the answer is no
 */
export const confirmLoss = async (
  context: CommandContext,
  message: string,
  why = FOR_GOOD,
): Promise<void> => {
  if (context.flags.yes) return
  refuseWithoutPerson(context, why, ADD_YES)
  const agreed = await (await context.prompts()).confirm({ message, initial: false })
  if (!agreed) throw declined()
}

/** A question that is answered by typing something, or nothing to stop. */
export interface TypedConfirmation {
  readonly message: string
  /** What is to be typed. */
  readonly word: string
  /** Whether what was typed does as well. */
  readonly isRight: (typed: string) => boolean
  /** How to go ahead where nobody can be asked. */
  readonly way: string
}

/**
 * For what a hasty y must not do, and `--yes` neither.
 * @throws CliError: exit 2 if nobody can be asked, exit 1 if nothing is typed
 */
export const askToType = async (
  context: CommandContext,
  { message, word, isRight, way }: TypedConfirmation,
): Promise<void> => {
  refuseWithoutPerson(context, FOR_GOOD, way)
  const typed = await (await context.prompts()).text({
    message,
    validate: text => (text.trim() === '' || isRight(text) ? undefined : `Type ${word}, or nothing to stop`),
  })
  if (typed.trim() === '') throw declined()
}

/** As `askToType`, where `--yes` stands for the word. */
export const confirmByTyping = async (
  context: CommandContext,
  message: string,
  word: string,
): Promise<void> => {
  if (context.flags.yes) return
  await askToType(context, {
    message: `${message} Type ${word} to go ahead`,
    word,
    isRight: typed => typed.trim() === word,
    way: ADD_YES,
  })
}
