import { KEY_FORMATS, type KeyFormat } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import type { DomainContext } from '../domain-context'
import { DomainError, invalidField } from '../domain-error'
import type { Actor } from '../principals/actor'
import type { Principal } from '../principals/principal'
import { keyRateLimit } from '../principals/resolve-api-key'
import { hashSecret } from '../secret-hash'
import { withUserLocked } from '../with-user-locked'
import { isKeyAccepted } from './api-key-state'
import type { IssuedApiKey } from './create-api-key'
import { getApiKey, visibleTo } from './find-api-key'
import { generateKey } from './key-formats'
import { assertWithinMaker, rightsOf } from './key-maker'
import { recordKeyAct } from './record-key-act'

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
  { newId, randomBytes }: DomainContext,
  old: ApiKeyRow,
  rotation: Rotation,
  now: number,
): IssuedApiKey => {
  const { key, start } = generateKey(old.format as KeyFormat, old.prefix, randomBytes)
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
  { clock, randomBytes }: DomainContext,
  stores: Stores,
  principal: Principal,
  old: ApiKeyRow & { readonly rotated_to: string },
  requestKey: string | undefined,
): Promise<IssuedApiKey> => {
  const now = clock()
  const successor = await stores.apiKeys.find(visibleTo(principal), old.rotated_to)
  if (successor && requestKey !== undefined) {
    // A key that rotated itself ends earlier than its successor by now, and may still ask for what it was given.
    if (principal.credentialId !== old.id) assertWithinMaker(principal, rightsOf(successor), 'expiresIn')
    const { key, start } = generateKey(successor.format as KeyFormat, successor.prefix, randomBytes)
    const secret = { key_hash: hashSecret(key), start, updated_at: now }
    const row = await stores.apiKeys.replaceUnusedSecret(
      successor,
      hashSecret(requestKey),
      now - REPEATABLE_MS,
      secret,
    )
    if (row) return { row, key }
  }
  throw new DomainError('CONFLICT', {
    message: `This key was already rotated; its successor is ${old.rotated_to}`,
    detail: { rotatedTo: old.rotated_to },
  })
}

const replaceKey = async (
  context: DomainContext,
  stores: Stores,
  principal: Principal,
  old: ApiKeyRow,
  rotation: Rotation,
): Promise<IssuedApiKey> => {
  const now = context.clock()
  if (!isKeyAccepted(old, now)) {
    throw new DomainError('CONFLICT', { message: 'This key is revoked, expired or disabled; make a new one' })
  }
  const issued = successorOf(context, old, rotation, now)
  assertWithinMaker(principal, rightsOf(issued.row), 'expiresIn')
  // A predecessor in its grace period would be a third live secret.
  await stores.apiKeys.endPredecessors(old.user_id, old.id, now)
  const replaced = await stores.apiKeys.updateLive(old, now, {
    rotated_to: issued.row.id,
    expires_at: earlier(old.expires_at, now + rotation.gracePeriodSeconds * 1000),
    updated_at: now,
  })
  if (!replaced) throw new DomainError('CONFLICT', { message: 'This key was revoked meanwhile' })
  await stores.apiKeys.insert(issued.row)
  return issued
}

/** Of some formats an account has one live key: its old secret is dead when the new one is there. */
const assertGraceAllowed = (format: KeyFormat, gracePeriodSeconds: number): void => {
  if (gracePeriodSeconds > 0 && KEY_FORMATS[format].live === 'one') {
    throw invalidField(
      'gracePeriod',
      `Must be 0 for a key of the format ${format}, of which an account has one live key`,
    )
  }
}

/**
 * Gives a key a successor with the same name, format, scopes, permissions, pin, metadata and limits; the old secret ends now
 * or after the grace period, never later than it would have. A grace period is refused for a format of which an account has
 * one live key (`snt`). Safe to send again with the same Idempotency-Key.
 * @throws DomainError NOT_FOUND; CONFLICT for a key that is dead or was rotated by another request; VALIDATION_ERROR for such
 *   a grace period; what `assertWithinMaker` throws
 */
export const rotateApiKey = async (
  context: DomainContext,
  actor: Actor,
  rotation: Rotation,
): Promise<IssuedApiKey> => {
  const { keyId, requestKey } = rotation
  const { principal } = actor
  const { userId } = principal
  const issued = await withUserLocked(context, userId, async stores => {
    const old = await getApiKey(stores, principal, keyId)
    const { rotated_to, organization_id, format } = old
    assertGraceAllowed(format as KeyFormat, rotation.gracePeriodSeconds)
    // Who is removed from it meanwhile leaves no successor behind.
    if (organization_id !== null) await stores.organizations.lock(organization_id)
    const made =
      rotated_to === null
        ? await replaceKey(context, stores, principal, old, rotation)
        : await repeatRotation(context, stores, principal, { ...old, rotated_to }, requestKey)
    await recordKeyAct(context, stores, actor, old, 'api_key.rotated', { rotatedTo: made.row.id })
    return made
  })
  // Rotating is no way to get more requests out of a window: from now on both count under the successor.
  const rule = keyRateLimit(issued.row)
  if (rule) await context.keyLimiter.handOver(keyId, issued.row.id, rule)
  context.logger.info(
    { event: 'api_key.rotated', keyId, rotatedTo: issued.row.id, userId, by: principal.credentialId },
    'API key rotated',
  )
  return issued
}
