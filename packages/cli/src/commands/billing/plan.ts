import type { planSpec } from '../../command-tree/billing'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { subscriptionFields } from './subscription-fields'

export const run: Run<typeof planSpec> = async context => {
  const subscription = await withOrganization(
    context,
    ['subscription:read'],
    ({ client, call }, organizationId) => client.payments.subscription({ organizationId }, call),
  )
  await context.output.show(subscription, subscriptionFields(subscription, context.around.now()))
  if (context.output.isHuman && subscription.tierId === null) {
    context.output.note('For more:  snoop billing checkout --plan starter')
  }
  return EXIT.OK
}
