import type { Stores } from '../../storage/storage'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Principal } from '../principals/principal'
import { hashSecret } from '../secret-hash'
import { generateKey } from './api-key-secret'
import { isKeyAccepted } from './api-key-state'
import type { IssuedApiKey } from './create-api-key'
import { getApiKey } from './find-api-key'
import { assertWithinMaker, rightsOf } from './key-maker'

/** How long a rotation whose answer was lost can be asked for again. */
const REPEATABLE_MS = 24 * 3600 * 1000

export interface Rotation {
  readonly keyId: string
  /** How long the old secret stays good, at most to its own end. */
  readonly gracePeriodSeconds: number
  /** Life of the new key; undefined: it ends when the old one would have. */
  readonly expiresInSeconds: number | undefined
  /** The caller's Idempotency-Key. */
  readonly requestKey: string | undefined
}

const earlier = (a: number | null, b: number): number => (a === null ? b : Math.min(a, b))

const successorOf = (
  { newId, randomBytes, clock }: DomainContext,
  old: ApiKeyRow,
  rotation: Rotation,
): IssuedApiKey => {
  const now = clock()
  const { key, start } = generateKey(old.prefix, randomBytes)
  const row: ApiKeyRow = {
    ...old,
    id: `ak_${newId()}`,
    start,
    key_hash: hashSecret(key),
    expires_at:
      rotation.expiresInSeconds === undefined ? old.expires_at : now + rotation.expiresInSeconds * 1000,
    request_count: 0,
    last_request_at: null,
    rotated_to: null,
    rotation_request_hash: rotation.requestKey === undefined ? null : hashSecret(rotation.requestKey),
    created_at: now,
    updated_at: now,
  }
  return { row, key }
}

/** The same request again, its first answer lost: the successor gets another secret, the lost one is dead. */
const repeatRotation = async (
  { storage, clock, randomBytes }: DomainContext,
  old: ApiKeyRow,
  requestKey: string | undefined,
): Promise<IssuedApiKey> => {
  const now = clock()
  if (old.rotated_to !== null && requestKey !== undefined) {
    const { key, start } = generateKey(old.prefix, randomBytes)
    const row = await storage.apiKeys.replaceUnusedSecret(
      old.user_id,
      old.rotated_to,
      hashSecret(requestKey),
      now - REPEATABLE_MS,
      { key_hash: hashSecret(key), start, updated_at: now },
    )
    if (row) return { row, key }
  }
  throw new DomainError('CONFLICT', {
    message: `This key was already rotated; its successor is ${old.rotated_to}`,
    detail: old.rotated_to === null ? {} : { rotatedTo: old.rotated_to },
  })
}

const replaceKey = async (
  stores: Stores,
  old: ApiKeyRow,
  successor: ApiKeyRow,
  endsAt: number,
): Promise<boolean> => {
  // The guarded statement decides: of rotations at the same moment only one finds the key unrotated.
  const ended = await stores.apiKeys.updateLive(old.user_id, old.id, {
    rotated_to: successor.id,
    expires_at: earlier(old.expires_at, endsAt),
    updated_at: successor.created_at,
  })
  if (!ended) return false
  await stores.apiKeys.insert(successor)
  return true
}

/**
 * Gives a key a successor with the same name, scopes, pin, metadata and limits; the old secret ends now or after the
 * grace period, never later than it would have. Safe to send again with the same Idempotency-Key.
 * @throws DomainError NOT_FOUND; CONFLICT for a key that is dead or was rotated by another request;
 *   what `assertWithinMaker` throws
 */
export const rotateApiKey = async (
  context: DomainContext,
  principal: Principal,
  rotation: Rotation,
): Promise<IssuedApiKey> => {
  const { storage, clock, logger } = context
  const old = await getApiKey(context, principal, rotation.keyId)
  const now = clock()
  const issued = successorOf(context, old, rotation)
  assertWithinMaker(principal, rightsOf(issued.row))
  if (old.rotated_to !== null) return repeatRotation(context, old, rotation.requestKey)
  if (!isKeyAccepted(old, now)) {
    throw new DomainError('CONFLICT', { message: 'This key is revoked, expired or disabled; make a new one' })
  }
  const endsAt = now + rotation.gracePeriodSeconds * 1000
  const isReplaced = await storage.transaction(stores => replaceKey(stores, old, issued.row, endsAt))
  if (!isReplaced)
    return repeatRotation(context, await getApiKey(context, principal, old.id), rotation.requestKey)
  logger.info(
    {
      event: 'api_key.rotated',
      keyId: old.id,
      rotatedTo: issued.row.id,
      userId: old.user_id,
      by: principal.credentialId,
    },
    'API key rotated',
  )
  return issued
}
