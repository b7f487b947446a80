import type { Endpoint } from '@snoop/sdk/contract'
import type { z } from 'zod'
import type { DomainContext } from '../../domain/domain-context'
import type { SandboxCard } from '../../domain/payments/sandbox/sandbox-card'
import {
  cancelSandboxCheckout,
  getSandboxCheckout,
  paySandboxCheckout,
  type SandboxCheckout,
} from '../../domain/payments/sandbox/sandbox-checkout'
import {
  changeAtSandboxPortal,
  getSandboxPortal,
  type SandboxPortal,
} from '../../domain/payments/sandbox/sandbox-portal'
import type { Route } from '../../http/dialect'
import type { Handler } from '../../http/request-context'
import { toTimestamp } from '../../http/timestamp'
import { nativeDialect } from './native-dialect'
import {
  CANCEL_SANDBOX_CHECKOUT,
  CHANGE_AT_SANDBOX_PORTAL,
  PAY_SANDBOX_CHECKOUT,
  SANDBOX_CHECKOUT,
  SANDBOX_PORTAL,
} from './sandbox-endpoints'

const NO_PLAN = { tierId: null, interval: null, seatCount: null, slotPacks: null }

const presentCheckout = ({ order, ...rest }: SandboxCheckout): z.input<typeof SANDBOX_CHECKOUT.response> => ({
  ...rest,
  ...(order.kind === 'credits' ? { ...NO_PLAN, ...order } : { credits: null, ...order }),
  currency: 'usd',
})

const presentPortal = ({
  subscription,
  ...rest
}: SandboxPortal): z.input<typeof SANDBOX_PORTAL.response> => ({
  ...rest,
  status: subscription.status,
  tierId: subscription.tierId,
  interval: subscription.interval,
  seatCount: subscription.seatCount,
  slotPacks: subscription.slotPacks,
  currency: 'usd',
  currentPeriodEnd: toTimestamp(subscription.currentPeriodEnd),
  cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
  card: subscription.sandboxCard as SandboxCard,
})

const routeOf = <E extends Endpoint>(name: string, endpoint: E, handle: Handler<E>): Route => ({
  name: `sandbox.${name}`,
  endpoint,
  dialect: nativeDialect,
  handle: handle as Route['handle'],
})

/** What the sandbox's pages ask: only there while payments are the sandbox. */
export const sandboxRoutes = (domain: DomainContext): Route[] => [
  routeOf('checkout', SANDBOX_CHECKOUT, async ({ params }) =>
    presentCheckout(await getSandboxCheckout(domain, params.sessionId)),
  ),
  routeOf('pay', PAY_SANDBOX_CHECKOUT, ({ params, body }) =>
    paySandboxCheckout(domain, params.sessionId, body.card),
  ),
  routeOf('cancel', CANCEL_SANDBOX_CHECKOUT, ({ params }) => cancelSandboxCheckout(domain, params.sessionId)),
  routeOf('portal', SANDBOX_PORTAL, async ({ params }) =>
    presentPortal(await getSandboxPortal(domain, params.sessionId)),
  ),
  routeOf('changeAtPortal', CHANGE_AT_SANDBOX_PORTAL, async ({ params, body }) =>
    presentPortal(
      await changeAtSandboxPortal(domain, params.sessionId, {
        card: body.card,
        cancelAtPeriodEnd: body.cancelAtPeriodEnd,
      }),
    ),
  ),
]
