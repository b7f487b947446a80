import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT } from '../exit-codes'
import { type OpenClient, withKeyClient, withSessionClient } from '../http/open-client'
import { KeychainFailure } from '../keychain/credential-store'
import { readEnvironmentKey } from './environment-key'
import { currentAccount } from './session'
import type { Slot } from './vault'

/**
 * `ok`: the server took it. `rejected`: the server refused it. `unverified`: nobody could be asked, so it may well be
 * good: never a reason to sign in again.
 */
export type CredentialState = 'ok' | 'rejected' | 'unverified'

export interface CheckedCredential {
  readonly kind: 'key' | 'session'
  readonly source: string
  readonly id: string | null
  readonly name: string | null
  readonly expiresAt: string | null
  readonly state: CredentialState
  /** Why it is not `ok`: `offline`, `timeout`, `rate_limited`, `server_fault`, `keychain.locked`, the API's code, … */
  readonly reason: string | null
  /** Seconds after which it is worth asking again. */
  readonly retryAfter: number | null
  /** E-mail address of its owner, where the server said so. */
  readonly user: string | null
}

type Verdict = Pick<CheckedCredential, 'state' | 'reason' | 'retryAfter' | 'user'>

/** Status is to answer soon, also when the server does not. */
const QUICK = { timeoutMs: 5000, totalTimeoutMs: 5000, retry: { attempts: 0 } } as const

const UNVERIFIED_REASONS: Partial<Record<number, string>> = {
  [EXIT.UNREACHABLE]: 'offline',
  [EXIT.RATE_LIMITED]: 'rate_limited',
  [EXIT.SERVER_FAULT]: 'server_fault',
}

const verdictOf = (error: unknown): Verdict => {
  if (error instanceof KeychainFailure) {
    return { state: 'unverified', reason: `keychain.${error.reason}`, retryAfter: null, user: null }
  }
  if (!(error instanceof CliError) || error.details.exit === EXIT.INTERRUPTED) throw error
  const { code, exit, status, retryAfter } = error.details
  // Refused for what it may do, not for what it is: the credential itself was taken.
  if (status === 403) return { state: 'ok', reason: null, retryAfter: null, user: null }
  if (status === 401) return { state: 'rejected', reason: code, retryAfter: null, user: null }
  const reason = code === 'network.timeout' ? 'timeout' : (UNVERIFIED_REASONS[exit] ?? code)
  return { state: 'unverified', reason, retryAfter: retryAfter ?? null, user: null }
}

const askServer = async ({ client, call }: OpenClient): Promise<Verdict> => {
  const user = await client.user.me({}, { ...call, ...QUICK })
  return { state: 'ok', reason: null, retryAfter: null, user: user.email }
}

const check = async (ask: () => Promise<Verdict>): Promise<Verdict> => {
  try {
    return await ask()
  } catch (error) {
    return verdictOf(error)
  }
}

const missing: Verdict = { state: 'rejected', reason: 'missing_from_store', retryAfter: null, user: null }

const checkStored = (
  context: CommandContext,
  slot: Extract<Slot, 'key' | 'session'>,
  ask: (secret: string) => Promise<Verdict>,
): Promise<Verdict> =>
  check(async () => {
    const secret = await (await context.vault()).read(slot)
    return secret === null ? missing : ask(secret)
  })

/** Every credential that commands could use, in the order in which they would, each put to the server. */
export const checkCredentials = async (context: CommandContext): Promise<CheckedCredential[]> => {
  const environment = await readEnvironmentKey(context.around.env)
  if (environment !== undefined) {
    const verdict = await check(() => withKeyClient(context, environment.secret, 'environment', askServer))
    return [{ kind: 'key', source: environment.source, id: null, name: null, expiresAt: null, ...verdict }]
  }
  const { key, session } = await currentAccount(context)
  const source = (await context.settings()).store.value
  const found: CheckedCredential[] = []
  if (key !== null) {
    const { id, name, expiresAt } = key
    const verdict = await checkStored(context, 'key', secret =>
      withKeyClient(context, secret, 'key', askServer),
    )
    found.push({ kind: 'key', source, id, name, expiresAt, ...verdict })
  }
  if (session !== null) {
    const verdict = await checkStored(context, 'session', jar =>
      withSessionClient(context, { jar, record: session }, askServer),
    )
    const { id, expiresAt } = (await currentAccount(context)).session ?? session
    found.push({ kind: 'session', source, id, name: null, expiresAt, ...verdict })
  }
  return found
}
