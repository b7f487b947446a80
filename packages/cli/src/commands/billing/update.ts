import type { Subscription } from '@snoop/sdk/contract'
import { CliError, usageError } from '../../cli-error'
import type { updateSpec } from '../../command-tree/billing'
import type { CommandInput, Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { withOrganization } from '../../http/with-organization'
import { confirmLoss } from '../../prompts/ask'
import { readCount } from './read-count'
import { subscriptionText } from './subscription-fields'

const readChange = (options: CommandInput<typeof updateSpec>['options']) => {
  const { plan, interval, seats, slotPacks, cancel, resume } = options
  if (cancel && resume) throw usageError('--cancel and --resume exclude one another.')
  const change = {
    ...(plan !== undefined && { tierId: plan }),
    ...(interval !== undefined && { interval }),
    ...(seats !== undefined && { seatCount: readCount(seats, '--seats') }),
    ...(slotPacks !== undefined && { slotPacks: readCount(slotPacks, '--slot-packs', 0) }),
    ...((cancel || resume) && { cancelAtPeriodEnd: cancel === true }),
  }
  if (Object.keys(change).length > 0) return change
  throw usageError('There is nothing to change.', 'See:  snoop billing update --help')
}
type Change = ReturnType<typeof readChange>

const refuseWithoutSubscription = ({ status }: Subscription): void => {
  if (status === 'active' || status === 'past_due') return
  throw new CliError('There is no subscription to change.', {
    code: 'subscription.none',
    exit: EXIT.REFUSED,
    hint: 'Buy a plan:  snoop billing checkout --plan starter',
  })
}

/** What becomes different, in words; what is so already is left out. */
const differences = (change: Change, now: Subscription): string[] => {
  const step = (label: string, to: string | number | undefined, from: string | number | null): string[] =>
    to === undefined || to === from ? [] : [`${label} ${from ?? 'none'} → ${to}`]
  const { cancelAtPeriodEnd } = change
  const end = cancelAtPeriodEnd
    ? `it ends${now.currentPeriodEnd === null ? '' : ` on ${now.currentPeriodEnd.slice(0, 10)}`}`
    : 'it goes on'
  return [
    ...step('plan', change.tierId, now.tierId),
    ...step('paid by the', change.interval, now.interval),
    ...step('seats', change.seatCount, now.seatCount),
    ...step('slot packs', change.slotPacks, now.slotPacks),
    ...(cancelAtPeriodEnd === undefined || cancelAtPeriodEnd === now.cancelAtPeriodEnd ? [] : [end]),
  ]
}

export const run: Run<typeof updateSpec> = async (context, { options }) => {
  const change = readChange(options)
  const { organizationId, now } = await withOrganization(
    context,
    ['subscription:read'],
    async ({ client, call }, id) => ({
      organizationId: id,
      now: await client.payments.subscription({ organizationId: id }, call),
    }),
  )
  refuseWithoutSubscription(now)
  const what = differences(change, now)
  if (what.length === 0) {
    await context.output.done(`It is so already: ${subscriptionText(now)}.`, '', now)
    return EXIT.OK
  }
  const list = what.join(', ')
  await confirmLoss(context, `Change the subscription: ${list}?`, `This changes what is paid for (${list})`)
  const changed = await withClient(
    context,
    { prefer: 'key', scopes: ['subscription:write'] },
    ({ client, call }) => client.payments.updateSubscription({ organizationId, ...change }, call),
  )
  await context.output.done(`Changed: ${list}.`, '', changed)
  return EXIT.OK
}
