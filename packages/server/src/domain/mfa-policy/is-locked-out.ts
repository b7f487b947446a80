import type { MembershipRightsRow } from '../../storage/hot-queries'
import { decideMfa } from './decide-mfa'
import { mfaFactsOf, mfaPolicyOf } from './read-mfa-rows'

/** Whether the organization's MFA policy keeps this member out now, whatever its credential. Pure. */
export const isLockedOut = (membership: MembershipRightsRow, now: number): boolean =>
  decideMfa(mfaPolicyOf(membership), mfaFactsOf(membership), now).state === 'locked-out'
