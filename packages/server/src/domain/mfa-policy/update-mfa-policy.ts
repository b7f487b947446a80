import type { OrganizationRole } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Actor } from '../principals/actor'
import { authorize } from '../principals/authorize'
import { withActiveUserLocked } from '../with-active-user-locked'
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
    message:
      'Turn on two-factor authentication for your own account first (snoop 2fa enable), then require it of all members',
  })

const SETTING = { kind: 'organization', scopes: [], permission: 'organization:manage-security' } as const

/**
 * Runs `work` in a transaction that holds the caller's account and the organization. That the caller may set policies is
 * looked up again in it: what let the request in may have changed since.
 */
const withPolicyLocked = <T>(
  context: DomainContext,
  organizationId: string,
  { principal }: Actor,
  work: (stores: Stores, before: MfaPolicy, user: UserRow) => Promise<T>,
): Promise<T> =>
  withActiveUserLocked(context, principal.userId, async (stores, user) => {
    const organization = await stores.organizations.lock(organizationId)
    const member = await stores.memberships.findOfUser(organizationId, user.id)
    const role = member?.role as OrganizationRole | undefined
    const refusal = authorize(principal, SETTING, { organizationId, role })
    if (refusal || !organization) throw refusal ?? new DomainError('FORBIDDEN')
    return work(stores, mfaPolicyOf(organization), user)
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
  const { isChanged, ...result } = await withPolicyLocked(
    context,
    organizationId,
    actor,
    async (stores, before, user) => {
      const now = clock()
      const policy = changePolicy(before, change, now)
      const isSame = policy.requiredAt === before.requiredAt && policy.graceDays === before.graceDays
      if (!isSame && policy.requiredAt !== null && user.two_factor_enabled === 0) throw ownFactorMissing()
      const impact = await countImpact(stores, organizationId, policy, now)
      if (isSame || change.dryRun) return { policy, impact, isChanged: false }
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
