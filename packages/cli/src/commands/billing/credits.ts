import { usageError } from '../../cli-error'
import type { creditsSpec } from '../../command-tree/billing'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { readCount } from './read-count'
import { RETURN_URLS } from './return-urls'
import { showPage } from './show-page'
import { waitForPayment } from './wait-for-payment'

export const run: Run<typeof creditsSpec> = async (context, { options: { count, open, wait } }) => {
  if (count === undefined) throw usageError('--count is missing.', 'Add --count, such as --count 500.')
  const credits = readCount(count, '--count')
  const { organizationId, checkout } = await withOrganization(
    context,
    ['subscription:write'],
    async ({ client, call }, id) => ({
      organizationId: id,
      checkout: await client.payments.creditsCheckout({ organizationId: id, credits, ...RETURN_URLS }, call),
    }),
  )
  const later = 'The credits are there once they are paid. See:  snoop billing usage'
  await showPage(context, checkout, {
    open,
    remark: wait ? 'Pay on this page.' : `Pay on this page. ${later}`,
  })
  if (!wait) return EXIT.OK
  return waitForPayment(context, organizationId, checkout.sessionId, () => `${credits} credits`)
}
