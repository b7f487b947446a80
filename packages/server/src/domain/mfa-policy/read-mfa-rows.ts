import type { MfaPolicyRow } from '../../storage/stores/mfa-policy-store'
import type { MfaFacts, MfaPolicy } from './decide-mfa'

/** The policy in a row of an organization. */
export const mfaPolicyOf = ({ mfa_required_at, mfa_grace_days }: MfaPolicyRow): MfaPolicy => ({
  requiredAt: mfa_required_at,
  graceDays: mfa_grace_days,
})

/** What a row of a membership says that a policy asks for. */
export const mfaFactsOf = (row: {
  readonly created_at: number
  readonly two_factor_enabled: number
}): MfaFacts => ({ joinedAt: row.created_at, twoFactorEnabled: row.two_factor_enabled === 1 })
