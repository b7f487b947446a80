import type { portalSpec } from '../../command-tree/billing'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { withHints } from '../with-hints'
import { showPage } from './show-page'

export const run: Run<typeof portalSpec> = async (context, { options: { open } }) => {
  const portal = await withHints(
    { CONFLICT: 'Buy a plan first:  snoop billing checkout --plan starter' },
    () =>
      withOrganization(context, ['subscription:write'], ({ client, call }, organizationId) =>
        client.payments.portal({ organizationId }, call),
      ),
  )
  await showPage(context, portal, { open, remark: 'Cards and invoices are managed on this page.' })
  return EXIT.OK
}
