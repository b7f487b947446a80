import type {
  Contract,
  MemberCompliance as MemberComplianceAnswer,
  MfaPolicy as MfaPolicyAnswer,
  OrganizationRole,
} from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { MfaPolicy } from '../../domain/mfa-policy/decide-mfa'
import { getMfaPolicy } from '../../domain/mfa-policy/get-mfa-policy'
import { listCompliance, type MemberCompliance } from '../../domain/mfa-policy/list-compliance'
import { updateMfaPolicy } from '../../domain/mfa-policy/update-mfa-policy'
import type { Handlers } from '../../http/request-context'
import { toTimestampOrNull } from '../../http/timestamp'

const presentPolicy = ({ requiredAt, graceDays }: MfaPolicy): MfaPolicyAnswer => ({
  required: requiredAt !== null,
  graceDays,
  requiredSince: toTimestampOrNull(requiredAt),
})

const presentCompliance = ({ member, verdict }: MemberCompliance): MemberComplianceAnswer => ({
  memberId: member.id,
  userId: member.user_id,
  email: member.email,
  fullName: member.full_name,
  role: member.role as OrganizationRole,
  twoFactorEnabled: member.two_factor_enabled === 1,
  state: verdict.state,
  deadline: toTimestampOrNull(verdict.deadline),
})

export const mfaPolicyHandlers = (domain: DomainContext): Handlers<Contract>['mfaPolicy'] => ({
  get: async (_input, { tenant }) => presentPolicy(await getMfaPolicy(domain, tenant.organizationId)),

  update: async ({ query, body: { required, graceDays } }, { actor, tenant }) => {
    const dryRun = query.dryRun === 'true'
    const change = { required, graceDays, dryRun }
    const { policy, impact } = await updateMfaPolicy(domain, tenant.organizationId, actor, change)
    return { ...presentPolicy(policy), dryRun, impact }
  },

  compliance: async ({ query }, { tenant }) => {
    const { items, total } = await listCompliance(domain, tenant.organizationId, query)
    return { items: items.map(presentCompliance), total }
  },
})
