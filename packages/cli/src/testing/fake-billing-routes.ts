import type { TransportRequest } from '@snoop/sdk'
import { type FakeAnswer, ok, refuse, type Values } from './fake-answers'
import { type FakeCaller, missingScopes } from './fake-routes'
import type { FakeState } from './fake-snoop'

export interface FakeCheckout {
  readonly sessionId: string
  status: 'open' | 'complete' | 'expired'
  /** What is bought, taken into account when it is paid. */
  readonly input: Values
}

export interface FakeBilling {
  subscription: Record<string, unknown>
  readonly settings: Record<string, unknown>
  readonly checkouts: FakeCheckout[]
}

const NOTHING_BOUGHT = {
  plan: 'free',
  status: 'none',
  tierId: null,
  interval: null,
  seatCount: null,
  slotPacks: null,
  currentPeriodStart: null,
  currentPeriodEnd: null,
  cancelAtPeriodEnd: false,
  provider: 'sandbox',
}
const NO_SETTINGS = {
  email: null,
  companyName: null,
  taxId: null,
  addressLine1: null,
  addressLine2: null,
  postalCode: null,
  city: null,
  country: null,
  updatedAt: null,
}

const known = new WeakMap<FakeState, FakeBilling>()

/** What the fake server knows of the payments of its organizations. Tests look into it and change it. */
export const billingOf = (state: FakeState): FakeBilling => {
  const billing = known.get(state) ?? {
    subscription: { ...NOTHING_BOUGHT },
    settings: { ...NO_SETTINGS },
    checkouts: [],
  }
  known.set(state, billing)
  return billing
}

const DAY_MS = 24 * 3600 * 1000

/** Pays a checkout, as its buyer does in a browser. */
export const payCheckout = (state: FakeState, checkout: FakeCheckout): void => {
  const { tierId, interval, seatCount, slotPacks = 0 } = checkout.input
  checkout.status = 'complete'
  if (tierId === undefined) return
  billingOf(state).subscription = {
    ...NOTHING_BOUGHT,
    plan: tierId,
    status: 'active',
    tierId,
    interval,
    seatCount,
    slotPacks,
    currentPeriodStart: new Date(state.now()).toISOString(),
    currentPeriodEnd: new Date(state.now() + 30 * DAY_MS).toISOString(),
  }
}

const usage = (state: FakeState): FakeAnswer =>
  ok({
    plan: billingOf(state).subscription.plan,
    seats: { used: 2, limit: 3 },
    projects: { used: state.projects.length, limit: null },
    websites: { used: 0, limit: 1 },
    apiAccess: false,
    requestsPerMinute: 0,
    credits: { balance: 7 },
  })

const startCheckout = (state: FakeState, input: Values): FakeAnswer => {
  const sessionId = `cs_sandbox_${state.newName()}`
  billingOf(state).checkouts.push({ sessionId, status: 'open', input })
  return ok({ sessionId, url: `http://127.0.0.1:4000/sandbox/checkout#${sessionId}` })
}

const verify = (state: FakeState, { sessionId }: Values): FakeAnswer => {
  const { checkouts, subscription } = billingOf(state)
  const checkout = checkouts.find(candidate => candidate.sessionId === sessionId)
  if (checkout === undefined) return refuse(404, 'NOT_FOUND', 'Not found')
  return ok({ sessionId, status: checkout.status, subscription })
}

/** The endpoints below `…/payments` and `…/settings/billing`; undefined for every other path. */
export const answerBillingRequest = (
  state: FakeState,
  caller: FakeCaller,
  { url, method }: TransportRequest,
  input: Values,
): FakeAnswer | undefined => {
  const place = url.pathname.split('/').slice(5).join('/')
  if (!place.startsWith('payments/') && place !== 'settings/billing') return undefined
  const isRead = method === 'GET' && place !== 'payments/portal'
  const missing = missingScopes(caller, isRead ? 'subscription:read' : 'subscription:write')
  if (missing) return missing
  const billing = billingOf(state)
  switch (`${method} ${place}`) {
    case 'GET payments/subscription':
      return ok(billing.subscription)
    case 'PATCH payments/subscription':
      return ok(Object.assign(billing.subscription, input))
    case 'GET payments/subscription/usage':
      return usage(state)
    case 'POST payments/checkout':
    case 'POST payments/credits/checkout':
      return startCheckout(state, input)
    case 'POST payments/verify':
      return verify(state, input)
    case 'GET payments/portal':
      return ok({ url: 'http://127.0.0.1:4000/sandbox/portal#x' })
    case 'PUT settings/billing':
      return ok(Object.assign(billing.settings, input))
    default:
      return ok(billing.settings)
  }
}
