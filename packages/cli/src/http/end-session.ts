import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { withJarClient } from './open-client'

/** What became of a credential on the server. */
export type EndVerdict =
  | { readonly outcome: 'revoked' }
  /** The server did not know it any more. */
  | { readonly outcome: 'already_gone' }
  | { readonly outcome: 'not_revoked'; readonly reason: string; readonly exit: ExitCode }

/** Reads a failed attempt to end a credential. Anything that is not the API's answer is thrown on. */
export const endVerdict = (error: unknown): EndVerdict => {
  if (!(error instanceof CliError) || error.details.exit === EXIT.INTERRUPTED) throw error
  const { status, exit } = error.details
  if (status === 401 || status === 404) return { outcome: 'already_gone' }
  return { outcome: 'not_revoked', reason: error.message, exit }
}

/** Ends a session on the server. */
export const endSession = async (context: CommandContext, serializedJar: string): Promise<EndVerdict> => {
  try {
    await withJarClient(context, serializedJar, 'session', ({ client, call }) =>
      client.auth.signOut({}, call),
    )
    return { outcome: 'revoked' }
  } catch (error) {
    return endVerdict(error)
  }
}
