import type { showSpec } from '../../command-tree/account'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { accountFields } from './account-fields'

export const run: Run<typeof showSpec> = async context => {
  const user = await withClient(context, { prefer: 'key', scopes: ['user:read'] }, ({ client, call }) =>
    client.user.me({}, call),
  )
  await context.output.show(user, accountFields(context.around.now()))
  return EXIT.OK
}
