import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT } from '../exit-codes'
import { withKeyClient } from '../http/open-client'
import { withClient } from '../http/with-client'
import type { KeyRecord } from './account-records'
import { withCredentialLock } from './credential-locks'
import { requestSuccessor } from './request-successor'
import { clearRotation, findRotation, type RotationEntry, writeRotation } from './rotation-journal'
import { currentAccount } from './session'
import { keepKey } from './stored-key'

export interface RotationWish {
  /** Seconds that the old key is to stay good after the new one is in place. */
  readonly graceSeconds: number
  /** Seconds; null keeps the expiry. */
  readonly expiresIn: number | null
}

export interface RotationResult {
  /** `elsewhere`: another process rotated the key while this one waited. */
  readonly outcome: 'rotated' | 'resumed' | 'elsewhere'
  readonly key: KeyRecord
  readonly formerKeyId: string
  /** What became of the old key. `ends_later`: at the end of its grace. */
  readonly former: 'revoked' | 'ends_later'
}

/**
 * The old key outlives the call by this long even if no grace is wished for: it is the way back if the answer is lost.
 * It is revoked as soon as the new one is in place.
 */
const SAFETY_SECONDS = 3600

const begin = async (context: CommandContext, keyId: string, wish: RotationWish): Promise<RotationEntry> => {
  const entry = {
    keyId,
    idempotencyKey: context.around.randomId(),
    gracePeriod: wish.graceSeconds > 0 ? wish.graceSeconds : SAFETY_SECONDS,
    revokeFormer: wish.graceSeconds === 0,
    expiresIn: wish.expiresIn,
    successor: null,
  }
  await writeRotation(context, entry)
  return entry
}

interface Successor {
  readonly secret: string
  readonly record: KeyRecord
}

/** The successor from the store, if an earlier run got that far, or else from the server. */
const obtain = async (context: CommandContext, entry: RotationEntry, old: KeyRecord): Promise<Successor> => {
  const vault = await context.vault()
  if (entry.successor !== null) {
    const secret = await vault.read('next-key')
    if (secret !== null) return { secret, record: entry.successor }
  }
  // A secret of an earlier answer is void once the server gives another.
  await vault.remove('next-key')
  const { key: secret, id, name, scopes, expiresAt } = await requestSuccessor(context, entry)
  const record = { id, name, scopes, organizationId: old.organizationId, expiresAt }
  await writeRotation(context, { ...entry, successor: record })
  await vault.write('next-key', secret)
  return { secret, record }
}

/** Uses the new key once, before the old one is gone. */
const verify = async (
  context: CommandContext,
  { secret }: Successor,
  entry: RotationEntry,
): Promise<void> => {
  try {
    await withKeyClient(context, secret, 'key', ({ client, call }) => client.user.me({}, call))
  } catch (error) {
    const status = error instanceof CliError ? error.details.status : undefined
    // It lacks user:read, perhaps; the key itself was taken.
    if (status === 403) return
    if (status !== 401 || !(error instanceof CliError)) throw error
    await (await context.vault()).remove('next-key')
    await clearRotation(context, entry)
    throw new CliError('The server does not take the new key. The old one is still in use.', {
      ...error.details,
      exit: EXIT.FAILURE,
      hint: 'See:  snoop status',
    })
  }
}

const revokeFormer = async (context: CommandContext, keyId: string): Promise<boolean> => {
  try {
    await withClient(context, { prefer: 'session', scopes: ['api-keys:delete'] }, ({ client, call }) =>
      client.apiKeys.delete({ keyId }, call),
    )
    return true
  } catch (error) {
    if (error instanceof CliError && error.details.exit !== EXIT.INTERRUPTED)
      return error.details.status === 404
    throw error
  }
}

const finish = async (
  context: CommandContext,
  entry: RotationEntry,
  current: KeyRecord,
): Promise<{ key: KeyRecord; former: RotationResult['former'] }> => {
  const vault = await context.vault()
  let key = current
  if (current.id === entry.keyId) {
    const successor = await obtain(context, entry, current)
    await verify(context, successor, entry)
    await keepKey(context, successor.secret, successor.record)
    key = successor.record
  }
  await vault.remove('next-key')
  const revoked = entry.revokeFormer && (await revokeFormer(context, entry.keyId))
  await clearRotation(context, entry)
  return { key, former: revoked ? 'revoked' : 'ends_later' }
}

/**
 * Replaces the key that the profile uses. At every moment the store holds a key that works: a run that is cut off is
 * finished by the next. The steps: journal, successor from the server (the old key stays good for a while), successor
 * into a slot of its own and read back, used once, into the slot in use, old key revoked, journal cleared.
 * @param expected the key as it was when the person asked
 */
export const rotateStoredKey = (
  context: CommandContext,
  expected: KeyRecord,
  wish: RotationWish,
): Promise<RotationResult> =>
  withCredentialLock(context, 'key', async () => {
    const { key: current } = await currentAccount(context)
    if (current === null || current.id !== expected.id) {
      return {
        outcome: 'elsewhere',
        key: current ?? expected,
        formerKeyId: expected.id,
        former: 'ends_later',
      }
    }
    const earlier = await findRotation(context, current.id)
    const entry = earlier ?? (await begin(context, current.id, wish))
    const { key, former } = await finish(context, entry, current)
    return { outcome: earlier ? 'resumed' : 'rotated', key, formerKeyId: entry.keyId, former }
  })
