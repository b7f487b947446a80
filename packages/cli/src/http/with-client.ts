import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import type { KeyRecord } from '../credentials/account-records'
import { type CredentialChoice, chooseCredential, type Need } from '../credentials/choose-credential'
import { readEnvironmentKey } from '../credentials/environment-key'
import { findRotation } from '../credentials/rotation-journal'
import { currentAccount, type StoredSession } from '../credentials/session'
import { EXIT } from '../exit-codes'
import { type OpenClient, withKeyClient, withSessionClient } from './open-client'

type Secret =
  | { readonly kind: 'environment'; readonly secret: string }
  | { readonly kind: 'key'; readonly secret: string; readonly record: KeyRecord }
  | { readonly kind: 'session'; readonly session: StoredSession }

const SIGN_IN_HINT = 'Sign in:  snoop login'
const KEY_HINT = 'Without a terminal, give a key by SNOOP_API_KEY or SNOOP_API_KEY_FILE.'

const whyNone: Readonly<Record<Extract<CredentialChoice, { kind: 'none' }>['why'], string>> = {
  signed_out: 'You are not signed in.',
  session_expired: 'Your session has ended.',
  key_expired: 'The stored key has expired.',
  session_needed: 'This needs a session; a key may not do it.',
}

const signInNeeded = (message: string, code: string, { sessionOnly }: Need): CliError =>
  new CliError(message, {
    code: `credential.${code}`,
    exit: EXIT.SIGN_IN_NEEDED,
    hint: sessionOnly ? SIGN_IN_HINT : `${SIGN_IN_HINT}\n${KEY_HINT}`,
  })

const holdsSession = async (serializedJar: string): Promise<boolean> => {
  const { readSessionCookie } = await import('../credentials/session-jar')
  return readSessionCookie(serializedJar) !== undefined
}

const readSecret = async (context: CommandContext, need: Need): Promise<Secret> => {
  const environment = await readEnvironmentKey(context.around.env)
  if (environment) return { kind: 'environment', secret: environment.secret }
  const choice = chooseCredential(false, await currentAccount(context), need, context.around.now())
  if (choice.kind === 'none') {
    const { origin, profile } = await context.identity()
    const where = choice.why === 'signed_out' ? ` (profile ${profile}, ${origin})` : ''
    throw signInNeeded(whyNone[choice.why].replace(/\.$/, `${where}.`), choice.why, need)
  }
  if (choice.kind === 'environment') throw new Error('unreachable: the environment was asked before')
  const vault = await context.vault()
  const secret = await vault.read(choice.kind)
  if (secret === null || (choice.kind === 'session' && !(await holdsSession(secret)))) {
    throw signInNeeded('Signed out on this machine: the credential is gone from its store.', 'missing', need)
  }
  return choice.kind === 'key'
    ? { kind: 'key', secret, record: choice.record }
    : { kind: 'session', session: { jar: secret, record: choice.record } }
}

/** A stored key that is refused may be one whose rotation was cut off. */
const withStoredKeyClient = async <T>(
  context: CommandContext,
  { secret, record }: Extract<Secret, { kind: 'key' }>,
  work: (open: OpenClient) => Promise<T>,
): Promise<T> => {
  try {
    return await withKeyClient(context, secret, 'key', work)
  } catch (error) {
    const isRefused = error instanceof CliError && error.details.status === 401
    if (!isRefused || (await findRotation(context, record.id)) === undefined) throw error
    throw new CliError(error.message, {
      ...error.details,
      hint: 'Its rotation was cut off. Go on where it stopped:  snoop login && snoop keys rotate',
    })
  }
}

/**
 * Does `work` with the credential that `chooseCredential` picks, and keeps a session that the server renews.
 * @throws CliError for a missing credential (exit 4) and for every failed call
 */
export const withClient = async <T>(
  context: CommandContext,
  need: Need,
  work: (open: OpenClient) => Promise<T>,
): Promise<T> => {
  const secret = await readSecret(context, need)
  if (secret.kind === 'environment') return withKeyClient(context, secret.secret, 'environment', work)
  if (secret.kind === 'key') return withStoredKeyClient(context, secret, work)
  return withSessionClient(context, secret.session, work, need)
}
