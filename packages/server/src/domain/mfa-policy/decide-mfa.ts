import type { MFA_STATES } from '@snoop/sdk/contract'

const DAY_MS = 24 * 3600 * 1000

export type MfaState = (typeof MFA_STATES)[number]

/** What an organization asks of its members. */
export interface MfaPolicy {
  /** Since when two-factor authentication is required, in milliseconds since 1970; null: it is not. */
  readonly requiredAt: number | null
  /** Days that a member has to turn it on, from then or from joining. */
  readonly graceDays: number
}

/** What decides whether a member meets the policy. */
export interface MfaFacts {
  /** Milliseconds since 1970. */
  readonly joinedAt: number
  readonly twoFactorEnabled: boolean
}

export interface MfaVerdict {
  readonly state: MfaState
  /** The first millisecond at which the member is refused; null for one that meets the policy. */
  readonly deadline: number | null
}

/** Whether a member meets the MFA policy of an organization, and until when it is let in if it does not. Pure. */
export const decideMfa = (policy: MfaPolicy, member: MfaFacts, now: number): MfaVerdict => {
  const { requiredAt, graceDays } = policy
  if (requiredAt === null || member.twoFactorEnabled) return { state: 'compliant', deadline: null }
  const deadline = Math.max(requiredAt, member.joinedAt) + graceDays * DAY_MS
  return { state: now < deadline ? 'in-grace' : 'locked-out', deadline }
}

/**
 * The same for all members at once. Pure.
 * @returns those without two-factor authentication who joined at this time or earlier are locked out; -1: nobody is
 */
export const lockedOutIfJoinedBy = ({ requiredAt, graceDays }: MfaPolicy, now: number): number => {
  const graceBegan = now - graceDays * DAY_MS
  return requiredAt !== null && requiredAt <= graceBegan ? graceBegan : -1
}
