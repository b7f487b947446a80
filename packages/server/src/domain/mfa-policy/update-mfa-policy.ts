import type { Stores } from '../../storage/storage'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Actor } from '../principals/actor'
import { withUserLocked } from '../with-user-locked'
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
const assertOwnTwoFactor = async (stores: Stores, userId: string): Promise<void> => {
  const user = await stores.users.find(userId)
  if (user?.two_factor_enabled === 1) return
  throw new DomainError('CONFLICT', {
    message:
      'Turn on two-factor authentication for your own account first (snoop 2fa enable), then require it of all members',
  })
}

/**
 * Changes the MFA policy of an organization, or only tells what the change would do. What changes nothing is not recorded.
 * @throws DomainError CONFLICT for a change that requires two-factor authentication by somebody who has none;
 *   FORBIDDEN if the organization is gone
 */
export const updateMfaPolicy = async (
  context: DomainContext,
  organizationId: string,
  actor: Actor,
  change: MfaPolicyChange,
): Promise<ChangedMfaPolicy> => {
  const { clock, logger } = context
  const { userId } = actor.principal
  const { isChanged, ...result } = await withUserLocked(context, userId, async stores => {
    const row = await stores.organizations.lock(organizationId)
    if (!row) throw new DomainError('FORBIDDEN')
    const now = clock()
    const before = mfaPolicyOf(row)
    const policy = changePolicy(before, change, now)
    const isSame = policy.requiredAt === before.requiredAt && policy.graceDays === before.graceDays
    if (!isSame && policy.requiredAt !== null) await assertOwnTwoFactor(stores, userId)
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
  })
  if (isChanged) logger.info({ event: 'mfa_policy.updated', organizationId, userId }, 'MFA policy updated')
  return result
}
