import type { User } from '@snoop/sdk'
import type { CommandContext } from '../context'
import type { SessionRecord } from '../credentials/account-records'
import { withJarClient } from './with-client'

export interface SignIn {
  readonly user: User
  readonly session: SessionRecord
  /** The serialized cookie jar: the secret itself. */
  readonly jar: string
}

/** @throws CliError if the server refuses, or cannot be reached */
export const signIn = async (context: CommandContext, email: string, password: string): Promise<SignIn> => {
  const { result, jar } = await withJarClient(context, undefined, ({ client, call }) =>
    client.auth.signInEmail({ email, password }, call),
  )
  const { user, session } = result
  return { user, session: { id: session.id, expiresAt: session.expiresAt }, jar }
}
