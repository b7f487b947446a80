import type { CallOptions, ClientOptions, CookieJar, SnoopClient } from '@snoop/sdk'
import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import type { KeptJar } from '../credentials/kept-jar'
import { noteSessionId, type StoredSession } from '../credentials/session'
import type { UsedCredential } from './explain-api-failure'
import { verboseTransport } from './verbose-transport'

/** A client with the credential that it was opened with. */
export interface OpenClient {
  readonly client: SnoopClient
  readonly used: UsedCredential
  /** Goes with every call, so that Ctrl-C ends it. */
  readonly call: CallOptions
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
      work({ client, used, call: { signal: context.signal } }),
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

const withCookies = async <T>(
  context: CommandContext,
  cookieJar: CookieJar,
  used: UsedCredential,
  work: (open: OpenClient) => Promise<T>,
): Promise<T> => {
  const { createClient } = await import('@snoop/sdk')
  return run(context, createClient({ ...(await clientOptions(context)), cookieJar }), used, work)
}

/**
 * Does `work` with these cookies, which are kept nowhere: to begin a session, or to end one.
 * @returns what `work` answered, and the jar as it is afterwards
 */
export const withJarClient = async <T>(
  context: CommandContext,
  serializedJar: string,
  used: UsedCredential,
  work: (open: OpenClient) => Promise<T>,
): Promise<{ readonly result: T; readonly jar: string }> => {
  const { createCookieJar, serializeCookieJar } = await import('@snoop/sdk')
  const cookieJar = createCookieJar(serializedJar)
  const result = await withCookies(context, cookieJar, used, work)
  return { result, jar: serializeCookieJar(cookieJar) }
}

/** The id is for people to read: a session whose new id could not be asked for is as good as any other. */
const followNewId = async (
  context: CommandContext,
  { client, call }: OpenClient,
  jar: KeptJar,
): Promise<void> => {
  if (!jar.isReplaced()) return
  const answer = await client.auth.getSession({}, call).catch(() => undefined)
  if (answer === undefined) return
  const { jar: stored, record } = jar.stored()
  await noteSessionId(context, { jar: stored, record: { ...record, id: answer.session.id } })
}

/** Another process gave the session a new secret while this one used the old: nobody needs to sign in again. */
const explainRefusal = async (context: CommandContext, jar: KeptJar, error: unknown): Promise<unknown> => {
  if (!(error instanceof CliError) || error.details.code !== 'INVALID_OR_EXPIRED_TOKEN') return error
  const now = await (await context.vault()).read('session')
  if (now === null || now === jar.stored().jar) return error
  const hint = 'Another snoop has just renewed the session. Try again.'
  return new CliError(error.message, { ...error.details, hint })
}

/**
 * Does `work` with a stored session. What the server makes of its cookie is in the store before `work` gets the answer.
 * @param withDevice sends the cookie by which the server knows this machine, too
 */
export const withSessionClient = async <T>(
  context: CommandContext,
  session: StoredSession,
  work: (open: OpenClient) => Promise<T>,
  { withDevice = false }: { readonly withDevice?: boolean } = {},
): Promise<T> => {
  const { createKeptJar } = await import('../credentials/kept-jar')
  const device = withDevice ? await (await context.vault()).read('device') : null
  const jar = createKeptJar(context, session, device)
  const doAndFollow = async (open: OpenClient): Promise<T> => {
    try {
      return await work(open)
    } finally {
      await followNewId(context, open, jar)
    }
  }
  try {
    return await withCookies(context, jar, 'session', doAndFollow)
  } catch (error) {
    throw await explainRefusal(context, jar, error)
  }
}
