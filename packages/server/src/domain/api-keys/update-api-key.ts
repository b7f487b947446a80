import type { KeyFormat, PermissionMap } from '@snoop/sdk/contract'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import type { DomainContext } from '../domain-context'
import { DomainError, invalidField } from '../domain-error'
import type { Actor } from '../principals/actor'
import { findHomeOrganization } from '../principals/find-home-organization'
import { withUserLocked } from '../with-user-locked'
import { assertFormatKnows } from './assert-format-allows'
import { assertKnownPermissions } from './assert-known-permissions'
import { getApiKey } from './find-api-key'
import { assertWholeRefill, changedLimits, type RateLimitChange } from './key-limits'
import { assertWithinMaker, rightsOf } from './key-maker'
import { recordKeyAct } from './record-key-act'

export interface ApiKeyChange extends RateLimitChange {
  readonly name?: string | undefined
  readonly enabled?: boolean | undefined
  /** Null: of the format `sna` all that the role of its owner allows, else nothing. */
  readonly permissions?: PermissionMap | null | undefined
  /** Null takes the metadata away, but for the pin. */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt?: number | null | undefined
}

/** The pin is fixed: metadata may repeat it or leave it out, not change it. */
const mergeMetadata = (row: ApiKeyRow, metadata: Readonly<Record<string, unknown>> | null): string | null => {
  const { organizationId = row.organization_id, ...rest } = metadata ?? {}
  if (organizationId !== row.organization_id) {
    throw invalidField('metadata.organizationId', 'The organization of a key is fixed; make a new key')
  }
  if (organizationId !== null) return JSON.stringify({ ...rest, organizationId })
  return metadata === null ? null : JSON.stringify(rest)
}

const changesOf = (row: ApiKeyRow, change: ApiKeyChange): Partial<ApiKeyRow> => ({
  ...(change.name !== undefined && { name: change.name }),
  ...(change.enabled !== undefined && { enabled: change.enabled ? 1 : 0 }),
  ...(change.permissions !== undefined && {
    permissions: change.permissions && JSON.stringify(change.permissions),
  }),
  ...(change.metadata !== undefined && { metadata: mergeMetadata(row, change.metadata) }),
  ...(change.expiresAt !== undefined && { expires_at: change.expiresAt }),
  ...changedLimits(change),
})

/** That the key can be given these permissions where it acts. Its format and pin never change. */
const assertPermissions = async (
  context: DomainContext,
  { format, organization_id, user_id }: ApiKeyRow,
  permissions: PermissionMap,
): Promise<void> => {
  assertFormatKnows(format as KeyFormat, [], permissions)
  const home = { pinnedOrganizationId: organization_id, userId: user_id }
  await assertKnownPermissions(context, await findHomeOrganization(context, home), permissions)
}

/**
 * Changes what may change of a key; its format, scopes and pin never do. A dead key stays dead: prolonging an expired one would
 * also be a way around the number of live keys.
 * @throws DomainError NOT_FOUND, CONFLICT for a key that is revoked, rotated or expired, VALIDATION_ERROR;
 *   what `assertWithinMaker` throws
 */
export const updateApiKey = async (
  context: DomainContext,
  actor: Actor,
  id: string,
  change: ApiKeyChange,
): Promise<ApiKeyRow> => {
  const { principal } = actor
  if (change.permissions) {
    const row = await getApiKey(context.storage, principal, id)
    await assertPermissions(context, row, change.permissions)
  }
  const updated = await withUserLocked(context, principal.userId, async stores => {
    const row = await getApiKey(stores, principal, id)
    const changes = changesOf(row, change)
    // A key may disable, or narrow, what it could have made; it may not widen anything beyond itself.
    assertWithinMaker(principal, rightsOf({ ...row, ...changes }), 'expiresAt')
    assertWholeRefill({ ...row, ...changes })
    const now = context.clock()
    const changed = await stores.apiKeys.updateLive(row, now, { ...changes, updated_at: now })
    const fields = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    if (changed) await recordKeyAct(context, stores, actor, row, 'api_key.updated', { fields })
    return changed
  })
  if (!updated) {
    throw new DomainError('CONFLICT', {
      message: 'This key is revoked, rotated or expired; it cannot be changed',
    })
  }
  context.logger.info(
    { event: 'api_key.updated', keyId: id, userId: principal.userId, by: principal.credentialId },
    'API key updated',
  )
  return updated
}
