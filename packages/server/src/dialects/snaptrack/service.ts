import type { Contract } from '@snoop/sdk/contract'
import { getUserProfile } from '../../domain/accounts/user-profile'
import type { DomainContext } from '../../domain/domain-context'
import { findPlan } from '../../domain/plans/find-plan'
import type { RateLimitVerdict } from '../../domain/rate-limits/decide-rate-limit'
import type { Handlers } from '../../http/request-context'
import { presentUser } from './present-user'
import { toUnixSeconds } from './unix-seconds'

const presentAllowance = (allowance: RateLimitVerdict | undefined) => {
  if (!allowance) throw new Error('Nobody is let in to this surface uncounted')
  const { limit, remaining, resetAt } = allowance
  return { limit, remaining, reset: toUnixSeconds(resetAt) }
}

export const serviceHandlers = (domain: DomainContext) =>
  ({
    test: async (_input, { principal, tenant, allowance }) => {
      const profile = await getUserProfile(domain, principal.userId)
      const plan = await findPlan(domain, domain.storage, tenant.organizationId)
      return {
        success: true,
        message: 'API is working',
        user: presentUser(profile, plan.id),
        rate_limit: presentAllowance(allowance),
      }
    },
  }) satisfies Partial<Handlers<Contract>['snaptrack']>
