import type { DomainContext } from '../domain-context'
import { countSeats } from '../plans/count-seats'
import type { PlanInForce } from '../plans/decide-plan'
import { findPlan } from '../plans/find-plan'

/** What a plan allows, and what of it is used. */
export interface PlanUsage {
  readonly plan: PlanInForce
  readonly seats: number
  readonly projects: number
  readonly websites: number
  readonly creditBalance: number
}

export const getUsage = async (context: DomainContext, organizationId: string): Promise<PlanUsage> => {
  const { storage } = context
  return {
    plan: await findPlan(context, storage, organizationId),
    seats: await countSeats(context, storage, organizationId),
    projects: await storage.projects.count(organizationId),
    websites: await storage.websites.count(organizationId),
    creditBalance: await storage.creditEntries.sum(organizationId),
  }
}
