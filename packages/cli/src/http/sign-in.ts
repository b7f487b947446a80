import type { SignedIn, SignInResult, TwoFactorChallenge, User } from '@snoop/sdk'
import type { CommandContext } from '../context'
import type { SessionRecord } from '../credentials/account-records'
import { type OpenClient, withJarClient } from './open-client'

/** A session that was just opened. */
export interface SignIn {
  readonly user: User
  readonly session: SessionRecord
  /** The serialized cookie jar: the secret itself, and the cookie by which the server knows this machine. */
  readonly jar: string
}

/** A sign-in that asks for a second factor. */
export interface PendingSignIn {
  readonly challenge: TwoFactorChallenge
  /** The cookies that go along. */
  readonly jar: string
}

/** Puts a new session where it belongs. */
export type KeepSignIn = (signIn: SignIn) => Promise<void>

const keepOpened = async (jar: string, { user, session }: SignedIn, keep: KeepSignIn): Promise<SignIn> => {
  const signIn = { user, session: { id: session.id, expiresAt: session.expiresAt }, jar }
  await keep(signIn)
  return signIn
}

/**
 * Proves the first factor. A session that this opens is kept before a request to stop counts.
 * @param jar the cookies that go along
 * @throws CliError if the server refuses, or cannot be reached; and what `keep` throws
 */
export const beginSignIn = (
  context: CommandContext,
  jar: string,
  call: (open: OpenClient) => Promise<SignInResult>,
  keep: KeepSignIn,
): Promise<SignIn | PendingSignIn> =>
  context.unbroken(async () => {
    const { result, jar: after } = await withJarClient(context, jar, 'none', call)
    return 'challengeToken' in result ? { challenge: result, jar: after } : keepOpened(after, result, keep)
  })

/** Proves the second factor, as `beginSignIn` does the first. */
export const finishSignIn = (
  context: CommandContext,
  { jar }: PendingSignIn,
  call: (open: OpenClient) => Promise<SignedIn>,
  keep: KeepSignIn,
): Promise<SignIn> =>
  context.unbroken(async () => {
    const { result, jar: after } = await withJarClient(context, jar, 'none', call)
    return keepOpened(after, result, keep)
  })
