import type { KeyFormat, KeyScope, PermissionMap } from '@snoop/sdk/contract'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import { describeActor } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { AnyActor } from '../principals/actor'
import { findHomeOrganization } from '../principals/find-home-organization'
import { keyRateLimit } from '../principals/resolve-api-key'
import { assertFormatKnows, assertFormatSpoken } from './assert-format-allows'
import { assertKnownPermissions } from './assert-known-permissions'
import { assertWholeRefill, type KeyLimits, newLimits, type RateLimitChange } from './key-limits'
import { assertWithinMaker } from './key-maker'

export interface NewApiKey extends RateLimitChange {
  readonly name: string
  readonly expiresInSeconds: number | null
  readonly format: KeyFormat
  readonly scopes: readonly KeyScope[]
  /** Null: of the format `sna` all that the role of its owner allows, else nothing. */
  readonly permissions: PermissionMap | null
  readonly metadata: Readonly<Record<string, unknown>> | null
}

/** The organization that a key is to be pinned to: what the metadata says, else what its maker is pinned to. */
const pinFrom = (metadata: NewApiKey['metadata'], maker: AnyActor['principal']): string | null => {
  const asked = metadata?.organizationId
  return typeof asked === 'string' ? asked : maker.pinnedOrganizationId
}

/** Of an organization that they do not belong to, callers hold nothing, not even for a moment. */
const assertMember = async (
  { storage, refusals }: DomainContext,
  actor: AnyActor,
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

/**
 * Decides whether the caller may make such a key, and what the key gets where the input does not say.
 * @throws DomainError VALIDATION_ERROR that names the field; FORBIDDEN for a pin to an organization that the caller is no
 *   member of; what `assertWithinMaker` throws
 */
export const judgeNewApiKey = async (
  context: DomainContext,
  actor: AnyActor,
  input: NewApiKey,
): Promise<Pick<ApiKeyRow, 'organization_id' | 'expires_at'> & KeyLimits> => {
  const { clock, settings } = context
  const { principal: maker } = actor
  const { format, scopes, permissions, expiresInSeconds } = input
  const makerKey = maker.kind === 'apiKey' ? maker : undefined
  const organizationId = pinFrom(input.metadata, maker)
  const expiresAt =
    expiresInSeconds === null ? (makerKey?.expiresAt ?? null) : clock() + expiresInSeconds * 1000
  const limits = newLimits(input, makerKey?.rateLimit ?? settings.keyRateLimit)
  const rights = { format, scopes, permissions, organizationId, expiresAt, rateLimit: keyRateLimit(limits) }
  assertWithinMaker(maker, rights, 'expiresIn')
  assertFormatSpoken(format, settings.surfaces)
  assertFormatKnows(format, scopes, permissions)
  assertWholeRefill(limits)
  if (organizationId !== null) await assertMember(context, actor, organizationId)
  if (permissions !== null) {
    const home = { pinnedOrganizationId: organizationId, userId: maker.userId }
    await assertKnownPermissions(context, await findHomeOrganization(context, home), permissions)
  }
  return { organization_id: organizationId, expires_at: expiresAt, ...limits }
}
