import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'
import { countImpact, type MfaImpact } from './count-impact'
import type { MfaPolicy } from './decide-mfa'
import { mfaPolicyOf } from './read-mfa-rows'

export interface MfaPolicyChange {
  readonly required: boolean
  /** Undefined: as it was. */
  readonly graceDays: number | undefined
  /** Only tell what the change would do. */
  readonly dryRun: boolean
}

/** The policy that is, or would be, and what it does to the members. */
export interface ChangedMfaPolicy {
  readonly policy: MfaPolicy
  readonly impact: MfaImpact
}

/** What is required already goes on since when it was. */
const changePolicy = (
  before: MfaPolicy,
  { required, graceDays }: MfaPolicyChange,
  now: number,
): MfaPolicy => ({
  requiredAt: required ? (before.requiredAt ?? now) : null,
  graceDays: graceDays ?? before.graceDays,
})

/** Who requires it of others shows that it works, and is not the first one locked out. */
const ownFactorMissing = (): DomainError =>
  new DomainError('CONFLICT', {
    message: 'Turn on two-factor authentication for your own account first, then require it of all members',
  })

/**
 * Changes the MFA policy of an organization, or only tells what the change would do. What changes nothing is not recorded.
 * @throws DomainError CONFLICT for a change that requires two-factor authentication by somebody who has none;
 *   FORBIDDEN, INSUFFICIENT_PERMISSIONS, USER_NOT_ACTIVE if the caller may no longer
 */
export const updateMfaPolicy = async (
  context: DomainContext,
  organizationId: string,
  actor: Actor,
  change: MfaPolicyChange,
): Promise<ChangedMfaPolicy> => {
  const { clock, logger } = context
  const { userId } = actor.principal
  const { isChanged, ...result } = await withPermissionLocked(
    context,
    actor,
    organizationId,
    'organization:manage-security',
    async (stores, { user, organization }) => {
      const before = mfaPolicyOf(organization)
      const now = clock()
      const policy = changePolicy(before, change, now)
      const isSame = policy.requiredAt === before.requiredAt && policy.graceDays === before.graceDays
      const impact = await countImpact(stores, organizationId, policy, now)
      if (isSame || change.dryRun) return { policy, impact, isChanged: false }
      if (policy.requiredAt !== null && user.two_factor_enabled === 0) throw ownFactorMissing()
      await stores.organizations.update(organizationId, {
        mfa_required_at: policy.requiredAt,
        mfa_grace_days: policy.graceDays,
        updated_at: now,
      })
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'mfa_policy.updated',
        resource: { type: 'mfa_policy', id: organizationId },
        details: {
          requiredBefore: before.requiredAt !== null,
          requiredAfter: policy.requiredAt !== null,
          graceDaysBefore: before.graceDays,
          graceDaysAfter: policy.graceDays,
        },
      })
      return { policy, impact, isChanged: true }
    },
  )
  if (isChanged) logger.info({ event: 'mfa_policy.updated', organizationId, userId }, 'MFA policy updated')
  return result
}
