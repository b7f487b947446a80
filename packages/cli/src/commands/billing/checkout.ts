import type { Scope } from '@snoop/sdk'
import { usageError } from '../../cli-error'
import type { checkoutSpec } from '../../command-tree/billing'
import type { CommandContext } from '../../context'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import type { OpenClient } from '../../http/open-client'
import { withOrganization } from '../../http/with-organization'
import { readCount } from './read-count'
import { RETURN_URLS } from './return-urls'
import { showPage } from './show-page'
import { subscriptionText } from './subscription-fields'
import { waitForPayment } from './wait-for-payment'
import { withConflictHint } from './with-conflict-hint'

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

/** As many as are taken: fewer could not be bought. */
const seatsInUse = async ({ client, call }: OpenClient, organizationId: string): Promise<number> =>
  Math.max(1, (await client.payments.usage({ organizationId }, call)).seats.used)

export const run: Run<typeof checkoutSpec> = async (context, { options }) => {
  const { open, wait, interval = 'month' } = options
  const seats = options.seats === undefined ? undefined : readCount(options.seats, '--seats')
  const slotPacks =
    options.slotPacks === undefined ? undefined : readCount(options.slotPacks, '--slot-packs', 0)
  const tierId = options.plan ?? (await askPlan(context))
  const scopes: Scope[] = ['subscription:write']
  if (seats === undefined) scopes.push('subscription:read')
  const hint = 'See:  snoop billing plan\nChange what is paid for:  snoop billing update'
  const { organizationId, checkout } = await withConflictHint(hint, () =>
    withOrganization(context, scopes, async (opened, id) => {
      const seatCount = seats ?? (await seatsInUse(opened, id))
      const order = { tierId, interval, seatCount, ...(slotPacks !== undefined && { slotPacks }) }
      return {
        organizationId: id,
        checkout: await opened.client.payments.checkout(
          { organizationId: id, ...order, ...RETURN_URLS },
          opened.call,
        ),
      }
    }),
  )
  const later = 'The plan counts once it is paid. See:  snoop billing plan'
  await showPage(context, checkout, {
    open,
    remark: wait ? 'Pay on this page.' : `Pay on this page. ${later}`,
  })
  if (!wait) return EXIT.OK
  return waitForPayment(context, organizationId, checkout.sessionId, ({ subscription }) =>
    subscriptionText(subscription),
  )
}
