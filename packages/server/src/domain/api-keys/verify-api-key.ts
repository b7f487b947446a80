import {
  KEY_FORMATS,
  type KeyFormat,
  type KeyScope,
  type OrganizationRole,
  ROLE_PERMISSIONS,
  type VerificationCode,
} from '@snoop/sdk/contract'
import type { ApiKeyCredentialRow } from '../../storage/hot-queries'
import type { DomainContext } from '../domain-context'
import { isLockedOut } from '../mfa-policy/is-locked-out'
import { findHomeOrganization } from '../principals/find-home-organization'
import type { Principal } from '../principals/principal'
import { keyRateLimit, limiterSubjectOf, reportRotatedOutUse } from '../principals/resolve-api-key'
import type { RateLimitVerdict } from '../rate-limits/decide-rate-limit'
import { hashSecret } from '../secret-hash'
import { apiKeyState } from './api-key-state'
import { heldScopes } from './held-scopes'
import { scopesOf } from './key-columns'
import { formatOfKey } from './key-formats'

export interface KeyQuestion {
  readonly key: string
  readonly scopes: readonly KeyScope[]
  readonly organizationId: string | undefined
}

/** `row` is undefined for a key that the caller may know nothing of, existing or not. */
export interface KeyVerification {
  readonly code: VerificationCode
  readonly row: ApiKeyCredentialRow | undefined
  readonly scopes: readonly KeyScope[]
  readonly rateLimit: RateLimitVerdict | null
}

const NOT_FOUND: KeyVerification = { code: 'NOT_FOUND', row: undefined, scopes: [], rateLimit: null }

/** A caller may ask about its own keys and those pinned to organizations whose members it manages. */
const mayAskAbout = async (
  { storage, clock }: DomainContext,
  principal: Principal,
  row: ApiKeyCredentialRow,
): Promise<boolean> => {
  const pin = principal.pinnedOrganizationId
  if (pin !== null && pin !== row.organization_id) return false
  if (row.user_id === principal.userId) return true
  if (row.organization_id === null) return false
  const membership = await storage.hot.findMembership(row.organization_id, principal.userId)
  if (!membership || isLockedOut(membership, clock())) return false
  return ROLE_PERMISSIONS[membership.role as OrganizationRole].includes('organization:manage-members')
}

const stateCodes = {
  disabled: 'DISABLED',
  expired: 'EXPIRED',
  rotated: 'REVOKED',
  revoked: 'REVOKED',
} as const

/** The one organization that a key is good for: its pin, or its home; null: any. */
const onlyOrganizationOf = async (
  context: DomainContext,
  { format, organization_id: pinnedOrganizationId, user_id: userId }: ApiKeyCredentialRow,
): Promise<string | null | undefined> =>
  KEY_FORMATS[format as KeyFormat].actsIn === 'home'
    ? findHomeOrganization(context, { pinnedOrganizationId, userId })
    : pinnedOrganizationId

/**
 * Whether the key is good for the organization that was asked about, or else for the one that it is bound to: its
 * owner may have left that, or be locked out by its MFA policy.
 */
const isGoodThere = async (
  context: DomainContext,
  row: ApiKeyCredentialRow,
  asked: string | undefined,
): Promise<boolean> => {
  const only = await onlyOrganizationOf(context, row)
  if (only === undefined || (only !== null && only !== (asked ?? only))) return false
  const organizationId = asked ?? only
  if (organizationId === null) return true
  const membership = await context.storage.hot.findMembership(organizationId, row.user_id)
  return membership !== undefined && !isLockedOut(membership, context.clock())
}

/** What stands against the key, in the order that is promised: state, owner, organization, scopes. */
const findObstacle = async (
  context: DomainContext,
  row: ApiKeyCredentialRow,
  question: KeyQuestion,
): Promise<VerificationCode | undefined> => {
  const state = apiKeyState(row, context.clock())
  if (state !== 'active') {
    reportRotatedOutUse(context, row)
    return stateCodes[state]
  }
  if (row.is_active === 0) return 'USER_NOT_ACTIVE'
  if (!(await isGoodThere(context, row, question.organizationId))) return 'FORBIDDEN'
  const held = heldScopes(row.format as KeyFormat, scopesOf(row))
  return question.scopes.every(scope => held.includes(scope)) ? undefined : 'INSUFFICIENT_SCOPES'
}

/**
 * Tells another service whether a key is good, of whatever format, also while its surface is switched off. Only an answer
 * that would be VALID counts against the key's limit. A key that the caller may not ask about is answered like one that does
 * not exist.
 */
export const verifyApiKey = async (
  context: DomainContext,
  principal: Principal,
  question: KeyQuestion,
): Promise<KeyVerification> => {
  const { storage, keyLimiter, uses } = context
  if (!formatOfKey(question.key)) return NOT_FOUND
  const keyHash = hashSecret(question.key)
  const row = await storage.hot.findApiKey(keyHash)
  if (!row || !(await mayAskAbout(context, principal, row))) return NOT_FOUND
  const scopes = scopesOf(row)
  const rule = keyRateLimit(row)
  const subject = limiterSubjectOf(row)
  const obstacle = await findObstacle(context, row, question)
  if (obstacle)
    return { code: obstacle, row, scopes, rateLimit: rule && (await keyLimiter.peek(subject, rule)) }
  const rateLimit = rule && (await keyLimiter.take(subject, rule))
  if (rateLimit && !rateLimit.allowed) return { code: 'RATE_LIMITED', row, scopes, rateLimit }
  if (row.rotation_request_hash !== null && !(await storage.apiKeys.confirmRotation(keyHash)))
    return NOT_FOUND
  uses.recordKey(row.id)
  return { code: 'VALID', row, scopes, rateLimit }
}
