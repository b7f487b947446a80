import type { portalSpec } from '../../command-tree/billing'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { showPage } from './show-page'
import { withConflictHint } from './with-conflict-hint'

export const run: Run<typeof portalSpec> = async (context, { options: { open } }) => {
  const portal = await withConflictHint('Buy a plan first:  snoop billing checkout --plan starter', () =>
    withOrganization(context, ['subscription:write'], ({ client, call }, organizationId) =>
      client.payments.portal({ organizationId }, call),
    ),
  )
  await showPage(context, portal, { open, remark: 'Cards and invoices are managed on this page.' })
  return EXIT.OK
}
