import { PLAN_IDS, type PlanId } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { findPlan } from '../plans/find-plan'

/** The smallest plan whose links can do more than lead somewhere. */
const FROM_PLAN: PlanId = 'starter'

/** What such a plan is needed for, in words. */
const FEATURES = {
  custom_alias: 'aliases of your own',
  password_protection: 'passwords on links',
  link_expiry: 'links that expire',
  utm: 'UTM parameters on links',
} as const
export type LinkFeature = keyof typeof FEATURES

/**
 * Makes sure that the plan of the organization includes what is asked for.
 * @throws DomainError PLAN_FEATURE_MISSING that names the first that it does not include
 */
export const assertLinkFeatures = async (
  context: DomainContext,
  stores: Pick<Stores, 'subscriptions'>,
  organizationId: string,
  [feature]: readonly LinkFeature[],
): Promise<void> => {
  if (feature === undefined) return
  const { id } = await findPlan(context, stores, organizationId)
  if (PLAN_IDS.indexOf(id) >= PLAN_IDS.indexOf(FROM_PLAN)) return
  throw new DomainError('PLAN_FEATURE_MISSING', {
    message: `The ${id} plan does not include ${FEATURES[feature]} (${feature}): upgrade to Starter or higher`,
    detail: { plan: { id } },
  })
}
