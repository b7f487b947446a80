import { DomainError } from '../domain-error'
import type { PlanInForce } from './decide-plan'

/** @param more what there would be one more of, such as `projects` */
export const planLimitReached = (
  plan: PlanInForce,
  more: 'seats' | 'projects' | 'websites',
  limit: number,
): DomainError =>
  new DomainError('PLAN_LIMIT_REACHED', {
    message: `The ${plan.id} plan allows this organization ${limit} ${more}; upgrade it, or remove one first`,
    detail: { planLimit: { resource: more, limit, plan: plan.id } },
  })
