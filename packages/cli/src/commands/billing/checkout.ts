import { type Scope, SnoopApiError } from '@snoop/sdk'
import { PLANS } from '@snoop/sdk/contract'
import { CliError, usageError } from '../../cli-error'
import type { checkoutSpec } from '../../command-tree/billing'
import type { CommandContext } from '../../context'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { explainApiFailure } from '../../http/explain-api-failure'
import type { OpenClient } from '../../http/open-client'
import { withOrganization } from '../../http/with-organization'
import { readCount } from './read-count'
import { RETURN_URLS } from './return-urls'
import { showPage } from './show-page'
import { subscriptionText } from './subscription-fields'
import { waitForPayment } from './wait-for-payment'

type PaidPlan = 'starter' | 'pro' | 'business'

const askPlan = async (context: CommandContext): Promise<PaidPlan> => {
  if (!context.canAsk) throw usageError('--plan is missing.', 'Add --plan starter, pro or business.')
  const options = [
    { value: 'starter', label: 'starter' },
    { value: 'pro', label: 'pro' },
    { value: 'business', label: 'business' },
  ] as const
  return (await context.prompts()).select({ message: 'Which plan', options })
}

/** One more than are taken, for who is to join next, where the plan has so many. Fewer could not be bought. */
const seatsToBuy = async (
  { client, call }: OpenClient,
  organizationId: string,
  plan: PaidPlan,
): Promise<number> => {
  const { used } = (await client.payments.usage({ organizationId }, call)).seats
  return Math.max(used, Math.min(used + 1, PLANS[plan].seats))
}

/** Whether a plan is paid for; a key need not be able to tell. */
const isSubscribed = ({ client, call }: OpenClient, organizationId: string): Promise<boolean> =>
  client.payments.subscription({ organizationId }, call).then(
    ({ status }) => status === 'active' || status === 'past_due',
    () => false,
  )

/** Adds to a conflict with a subscription which command changes that one. */
const explain = async (error: unknown, open: OpenClient, organizationId: string): Promise<unknown> => {
  const isConflict = SnoopApiError.is(error) && error.code === 'CONFLICT'
  if (!isConflict || !(await isSubscribed(open, organizationId))) return error
  const { message, details } = explainApiFailure(error, open.used)
  const hint = 'See:  snoop billing plan\nChange what is paid for:  snoop billing update'
  return new CliError(message, { ...details, hint })
}

const seatsText = (count: number): string => `${count} ${count === 1 ? 'seat' : 'seats'}`

export const run: Run<typeof checkoutSpec> = async (context, { options }) => {
  const { open, wait, interval = 'month' } = options
  const seats = options.seats === undefined ? undefined : readCount(options.seats, '--seats')
  const slotPacks =
    options.slotPacks === undefined ? undefined : readCount(options.slotPacks, '--slot-packs', 0)
  const tierId = options.plan ?? (await askPlan(context))
  const scopes: Scope[] = ['subscription:write']
  if (seats === undefined) scopes.push('subscription:read')
  const { organizationId, checkout, seatCount } = await withOrganization(
    context,
    scopes,
    async (opened, id) => {
      const count = seats ?? (await seatsToBuy(opened, id, tierId))
      const order = { tierId, interval, seatCount: count, ...(slotPacks !== undefined && { slotPacks }) }
      const begun = opened.client.payments.checkout(
        { organizationId: id, ...order, ...RETURN_URLS },
        opened.call,
      )
      const started = await begun.catch(async error => {
        throw await explain(error, opened, id)
      })
      return { organizationId: id, checkout: started, seatCount: count }
    },
  )
  const chosen = seats === undefined ? [`For ${seatsText(seatCount)}; another number by --seats.`] : []
  const later = wait ? [] : ['The plan counts once it is paid. See:  snoop billing plan']
  await showPage(context, checkout, {
    open,
    remark: [...chosen, 'Pay on this page.', ...later].join(' '),
  })
  if (!wait) return EXIT.OK
  return waitForPayment(context, organizationId, checkout.sessionId, ({ subscription }) =>
    subscriptionText(subscription),
  )
}
