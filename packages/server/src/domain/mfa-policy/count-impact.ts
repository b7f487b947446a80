import type { Stores } from '../../storage/storage'
import { lockedOutIfJoinedBy, type MfaPolicy } from './decide-mfa'

/** How many members a policy lets in, and how many not. */
export interface MfaImpact {
  readonly members: number
  readonly compliant: number
  readonly inGrace: number
  readonly lockedOut: number
}

/** What a policy does, or would do, to the members as they are now. */
export const countImpact = async (
  { mfaPolicies }: Pick<Stores, 'mfaPolicies'>,
  organizationId: string,
  policy: MfaPolicy,
  now: number,
): Promise<MfaImpact> => {
  const joinedBy = lockedOutIfJoinedBy(policy, now)
  const counts = await mfaPolicies.countMembers(organizationId, joinedBy)
  const { members, withTwoFactor, withoutSince: lockedOut } = counts
  if (policy.requiredAt === null) return { members, compliant: members, inGrace: 0, lockedOut: 0 }
  return { members, compliant: withTwoFactor, inGrace: members - withTwoFactor - lockedOut, lockedOut }
}
