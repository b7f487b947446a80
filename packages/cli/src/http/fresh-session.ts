import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import { NEEDS_SESSION } from '../credentials/choose-credential'
import { askSecret } from '../prompts/ask'
import { askUntilRight } from '../prompts/ask-until-right'
import type { OpenClient } from './open-client'
import { withClient } from './with-client'

const isCode = (error: unknown, code: string): error is CliError =>
  error instanceof CliError && error.details.code === code

/** The server's words are about an address and a password; here there was a password only. */
export const explainWrongPassword = (error: unknown): unknown =>
  isCode(error, 'INVALID_CREDENTIALS')
    ? new CliError('This password is wrong.', {
        ...error.details,
        hint: 'You have none, or have forgotten it? Sign in by mail, then try again:  snoop login --magic-link',
      })
    : error

const reauthenticate = async (context: CommandContext, password: string): Promise<void> => {
  try {
    await context.unbroken(() =>
      withClient(context, NEEDS_SESSION, ({ client, call }) =>
        client.auth.reauthenticate({ password }, call),
      ),
    )
  } catch (error) {
    throw explainWrongPassword(error)
  }
}

/** @param refusal what is thrown where nobody can be asked */
const proveAgain = async (
  context: CommandContext,
  refusal: CliError,
  known: string | undefined,
): Promise<void> => {
  if (known !== undefined) return reauthenticate(context, known)
  if (!context.canAsk) throw refusal
  await askUntilRight(
    context,
    ['INVALID_CREDENTIALS'],
    () =>
      askSecret(context, {
        what: 'the password',
        way: '',
        message: 'To go on, prove again that it is you. Password',
      }),
    password => reauthenticate(context, password),
  )
}

/**
 * Does `work` with the stored session, in whole even if the process is asked to stop. If the server wants a fresh
 * session for it, the password is asked for and `work` is done again.
 * @param work one call that the server refuses as a whole, so that doing it again does nothing twice
 * @param password if it is known already: nobody is asked for it then
 * @throws CliError: exit 4 if a password is needed and there is nobody to ask
 */
export const withFreshSession = async <T>(
  context: CommandContext,
  work: (open: OpenClient) => Promise<T>,
  password?: string,
): Promise<T> => {
  const attempt = (): Promise<T> => context.unbroken(() => withClient(context, NEEDS_SESSION, work))
  try {
    return await attempt()
  } catch (error) {
    if (!isCode(error, 'FRESH_SESSION_REQUIRED')) throw error
    await proveAgain(context, error, password)
    return attempt()
  }
}
