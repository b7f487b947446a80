import type { KeyFormat, KeyScope, PermissionMap } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import { putSecurityNotice } from '../accounts/put-security-notice'
import { describeActor } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Actor } from '../principals/actor'
import type { Principal } from '../principals/principal'
import type { RateLimitRule } from '../rate-limits/decide-rate-limit'
import { hashSecret } from '../secret-hash'
import { withUserLocked } from '../with-user-locked'
import { generateKey, keyPrefixOf } from './key-formats'
import { assertWithinMaker } from './key-maker'
import { recordKeyAct } from './record-key-act'

/** What a caller may say about limits. Left out: as it is, or the default. */
export interface RateLimitChange {
  readonly rateLimitEnabled?: boolean | undefined
  readonly rateLimitMax?: number | undefined
  readonly rateLimitTimeWindow?: number | undefined
  readonly refillInterval?: number | null | undefined
  readonly refillAmount?: number | null | undefined
}

export interface NewApiKey extends RateLimitChange {
  readonly name: string
  readonly expiresInSeconds: number | null
  readonly format: KeyFormat
  readonly scopes: readonly KeyScope[]
  /** Null: all that the role of its owner allows. */
  readonly permissions: PermissionMap | null
  readonly metadata: Readonly<Record<string, unknown>> | null
}

/** A stored key with its secret, which exists nowhere else. */
export interface IssuedApiKey {
  readonly row: ApiKeyRow
  readonly key: string
}

/** For keys that are given no limit of their own while keys are unlimited by default. */
const DORMANT_RULE: RateLimitRule = { max: 200, windowMs: 60_000 }

const tooManyKeys = (max: number): string => `An account may have ${max} live API keys; revoke one first`

const newLimits = (change: RateLimitChange, fallback: RateLimitRule | null) => {
  const rule = fallback ?? DORMANT_RULE
  const asksForLimit = change.rateLimitMax !== undefined || change.rateLimitTimeWindow !== undefined
  return {
    rate_limit_enabled: (change.rateLimitEnabled ?? (asksForLimit || fallback !== null)) ? 1 : 0,
    rate_limit_max: change.rateLimitMax ?? rule.max,
    rate_limit_window_ms: change.rateLimitTimeWindow ?? rule.windowMs,
  }
}

/** The organization that a key is to be pinned to: what the metadata says, else what its maker is pinned to. */
const pinFrom = (metadata: NewApiKey['metadata'], maker: Principal): string | null => {
  const asked = metadata?.organizationId
  return typeof asked === 'string' ? asked : maker.pinnedOrganizationId
}

/** Of an organization that they do not belong to, callers hold nothing, not even for a moment. */
const assertMember = async (
  { storage, refusals }: DomainContext,
  actor: Actor,
  organizationId: string,
): Promise<void> => {
  if (await storage.hot.findMembership(organizationId, actor.principal.userId)) return
  refusals.record({
    by: describeActor(actor),
    organizationId,
    action: 'api_key.created',
    outcome: 'refused',
    resource: { type: 'api_key', id: null },
  })
  throw new DomainError('FORBIDDEN')
}

/** Until the transaction ends the user stays a member: who is removed meanwhile leaves no key behind. */
const assertStillMember = async (
  { organizations, memberships }: Stores,
  organizationId: string,
  userId: string,
): Promise<void> => {
  await organizations.lock(organizationId)
  if (!(await memberships.findOfUser(organizationId, userId))) throw new DomainError('FORBIDDEN')
}

/**
 * Makes a key for the caller's own account, whose owner is told by mail.
 * @throws DomainError KEY_LIMIT_REACHED; NOT_FOUND if the account is gone; FORBIDDEN for a pin to an organization that the caller is no member of;
 *   what `assertWithinMaker` throws
 */
export const createApiKey = async (
  context: DomainContext,
  actor: Actor,
  input: NewApiKey,
): Promise<IssuedApiKey> => {
  const { principal: maker } = actor
  const { clock, newId, randomBytes, settings, mailer, logger } = context
  const now = clock()
  const organizationId = pinFrom(input.metadata, maker)
  const makerLimit = maker.kind === 'apiKey' ? maker.rateLimit : null
  const makerEnd = maker.kind === 'apiKey' ? maker.expiresAt : null
  const expiresAt = input.expiresInSeconds === null ? makerEnd : now + input.expiresInSeconds * 1000
  const limits = newLimits(input, makerLimit ?? settings.keyRateLimit)
  const rateLimit = limits.rate_limit_enabled
    ? { max: limits.rate_limit_max, windowMs: limits.rate_limit_window_ms }
    : null
  assertWithinMaker(maker, { scopes: input.scopes, organizationId, expiresAt, rateLimit }, 'expiresIn')
  if (organizationId !== null) await assertMember(context, actor, organizationId)

  const prefix = keyPrefixOf(input.format, settings.keyPrefix)
  const { key, start } = generateKey(input.format, prefix, randomBytes)
  const row: ApiKeyRow = {
    id: `ak_${newId()}`,
    user_id: maker.userId,
    organization_id: organizationId,
    name: input.name,
    format: input.format,
    prefix,
    start,
    key_hash: hashSecret(key),
    scopes: JSON.stringify(input.scopes),
    permissions: input.permissions ? JSON.stringify(input.permissions) : null,
    metadata: input.metadata ? JSON.stringify(input.metadata) : null,
    enabled: 1,
    expires_at: expiresAt,
    revoked_at: null,
    ...limits,
    refill_interval_ms: input.refillInterval ?? null,
    refill_amount: input.refillAmount ?? null,
    request_count: 0,
    last_request_at: null,
    rotated_to: null,
    rotation_request_hash: null,
    created_at: now,
    updated_at: now,
  }
  await withUserLocked(context, maker.userId, async stores => {
    const owner = await stores.users.find(maker.userId)
    if (!owner) throw new DomainError('NOT_FOUND', { message: 'This account no longer exists' })
    if ((await stores.apiKeys.countLive(maker.userId, now)) >= settings.maxKeysPerAccount) {
      throw new DomainError('KEY_LIMIT_REACHED', { message: tooManyKeys(settings.maxKeysPerAccount) })
    }
    if (organizationId !== null) await assertStillMember(stores, organizationId, maker.userId)
    await stores.apiKeys.insert(row)
    const { name, scopes } = input
    await putSecurityNotice(context, stores, owner, { kind: 'api-key-made', name, scopes })
    await recordKeyAct(context, stores, actor, row, 'api_key.created', { name, scopes })
  })
  mailer.wake()
  logger.info(
    { event: 'api_key.created', keyId: row.id, userId: maker.userId, by: maker.credentialId },
    'API key created',
  )
  return { row, key }
}
