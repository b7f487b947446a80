import type { CallOptions, ClientOptions, SnoopClient } from '@snoop/sdk'
import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import type { KeyRecord, SessionRecord } from '../credentials/account-records'
import { type CredentialChoice, chooseCredential, type Need } from '../credentials/choose-credential'
import { readEnvironmentKey } from '../credentials/environment-key'
import { findRotation } from '../credentials/rotation-journal'
import { currentAccount, keepRenewedSession } from '../credentials/session'
import { EXIT } from '../exit-codes'
import type { UsedCredential } from './explain-api-failure'
import { verboseTransport } from './verbose-transport'

/** A client with the credential that it was opened with. */
export interface OpenClient {
  readonly client: SnoopClient
  readonly used: UsedCredential
  /** Goes with every call, so that Ctrl-C ends it. */
  readonly call: CallOptions
}

type Secret =
  | { readonly kind: 'environment'; readonly secret: string }
  | { readonly kind: 'key'; readonly secret: string; readonly record: KeyRecord }
  | { readonly kind: 'session'; readonly jar: string; readonly record: SessionRecord }

const SIGN_IN_HINT =
  'Sign in:  snoop login\nWithout a terminal, give a key by SNOOP_API_KEY or SNOOP_API_KEY_FILE.'

const whyNone: Readonly<Record<Extract<CredentialChoice, { kind: 'none' }>['why'], string>> = {
  signed_out: 'You are not signed in.',
  session_expired: 'Your session has ended.',
  key_expired: 'The stored key has expired.',
  session_needed: 'This needs a session; a key may not do it.',
}

const signInNeeded = (message: string, code: string): CliError =>
  new CliError(message, { code: `credential.${code}`, exit: EXIT.SIGN_IN_NEEDED, hint: SIGN_IN_HINT })

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
    throw signInNeeded(whyNone[choice.why].replace(/\.$/, `${where}.`), choice.why)
  }
  if (choice.kind === 'environment') throw new Error('unreachable: the environment was asked before')
  const vault = await context.vault()
  const secret = await vault.read(choice.kind)
  if (secret === null || (choice.kind === 'session' && !(await holdsSession(secret)))) {
    throw signInNeeded('Signed out on this machine: the credential is gone from its store.', 'missing')
  }
  return choice.kind === 'key'
    ? { kind: 'key', secret, record: choice.record }
    : { kind: 'session', jar: secret, record: choice.record }
}

const clientOptions = async (context: CommandContext): Promise<ClientOptions> => {
  const { around, flags, output } = context
  const { origin } = await context.identity()
  const transport = await around.createTransport()
  return {
    baseUrl: origin,
    transport: flags.verbose ? verboseTransport(transport, around.now, line => output.note(line)) : transport,
    retry: around.retry,
    userAgent: 'snoop-cli',
  }
}

const run = async <T>(
  context: CommandContext,
  client: SnoopClient,
  used: UsedCredential,
  work: (open: OpenClient) => Promise<T>,
): Promise<T> => {
  const { isSnoopError } = await import('@snoop/sdk')
  try {
    return await context.spin('Waiting for the server', () =>
      work({ client, used, call: { signal: context.around.signal } }),
    )
  } catch (error) {
    if (!isSnoopError(error)) throw error
    const { explainApiFailure } = await import('./explain-api-failure')
    throw explainApiFailure(error, used)
  } finally {
    await client.close()
  }
}

/** Does `work` with a client that has no credential. */
export const withPublicClient = async <T>(
  context: CommandContext,
  work: (open: OpenClient) => Promise<T>,
): Promise<T> => {
  const { createClient } = await import('@snoop/sdk')
  return run(context, createClient(await clientOptions(context)), 'none', work)
}

/** Does `work` with this key, whatever is stored. */
export const withKeyClient = async <T>(
  context: CommandContext,
  apiKey: string,
  used: UsedCredential,
  work: (open: OpenClient) => Promise<T>,
): Promise<T> => {
  const { createClient } = await import('@snoop/sdk')
  return run(context, createClient({ ...(await clientOptions(context)), apiKey }), used, work)
}

/**
 * Does `work` with a session, or to begin one.
 * @param serializedJar undefined for an empty jar
 * @returns what `work` answered, and the jar as it is afterwards
 */
export const withJarClient = async <T>(
  context: CommandContext,
  serializedJar: string | undefined,
  work: (open: OpenClient) => Promise<T>,
): Promise<{ readonly result: T; readonly jar: string }> => {
  const { createClient, createCookieJar, serializeCookieJar } = await import('@snoop/sdk')
  const cookieJar = createCookieJar(serializedJar)
  const client = createClient({ ...(await clientOptions(context)), cookieJar })
  const result = await run(context, client, serializedJar === undefined ? 'none' : 'session', work)
  return { result, jar: serializeCookieJar(cookieJar) }
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
  const { result, jar } = await withJarClient(context, secret.jar, work)
  await keepRenewedSession(context, secret.jar, jar, secret.record)
  return result
}
