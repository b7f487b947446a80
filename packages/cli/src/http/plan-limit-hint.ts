import { PLAN_IDS, PLANS, type PlanId, SLOT_PACK } from '@snoop/sdk/contract'

const WHERE = 'See what the plan allows and what of it is used:  snoop billing usage'

const MAKE_ROOM = {
  seats: 'snoop members remove <member>, or snoop invites cancel <invitation>',
  projects: 'snoop projects delete <project>',
} as const
type Resource = keyof typeof MAKE_ROOM

const isResource = (value: unknown): value is Resource => value === 'seats' || value === 'projects'
const isPlan = (value: unknown): value is PlanId => PLAN_IDS.some(plan => plan === value)

/** The next plan that has more of it. */
const largerPlan = (plan: PlanId, resource: Resource, limit: number): PlanId | undefined =>
  PLAN_IDS.slice(PLAN_IDS.indexOf(plan) + 1).find(other => (PLANS[other][resource] ?? Infinity) > limit)

/** How a paid plan comes to have one more. */
const waysToGrow = (plan: PlanId, resource: Resource, limit: number): string[] => {
  const larger = largerPlan(plan, resource, limit)
  const change = larger === undefined ? [] : [`Get a larger plan:  snoop billing update --plan ${larger}`]
  if (resource === 'seats') {
    const more = `snoop billing update --seats ${limit + 1}`
    if (limit < PLANS[plan].seats) return [`Buy more seats:  ${more}`]
    return change.map(line => `${line} --seats ${limit + 1}`)
  }
  const packs = Math.floor((limit - (PLANS[plan].projects ?? limit)) / SLOT_PACK.projects) + 1
  return [...change, `Or buy projects by the pack:  snoop billing update --slot-packs ${packs}`]
}

/** What to do where the plan of an organization allows no more. @param meta what the server says of the limit */
export const planLimitHint = (meta: Readonly<Record<string, unknown>> = {}): string => {
  const { plan, resource, limit } = meta
  if (!isPlan(plan) || !isResource(resource) || typeof limit !== 'number') return WHERE
  const grow =
    plan === 'free'
      ? ['Get a larger plan:  snoop billing checkout --plan starter']
      : waysToGrow(plan, resource, limit)
  const room = grow.length === 0 ? 'Make room' : 'Or make room'
  return [...grow, `${room}:  ${MAKE_ROOM[resource]}`].join('\n')
}
