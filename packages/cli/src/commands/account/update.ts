import { usageError } from '../../cli-error'
import type { updateSpec } from '../../command-tree/account'
import { changeAccount, currentAccount } from '../../credentials/session'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'

export const run: Run<typeof updateSpec> = async (context, { options: { name, handle, marketingMail } }) => {
  const changes = {
    ...(name !== undefined && { fullName: name }),
    ...(handle !== undefined && { handle }),
    ...(marketingMail !== undefined && { emailPreferences: { marketingOptOut: marketingMail === 'off' } }),
  }
  if (Object.keys(changes).length === 0) {
    throw usageError('There is nothing to change.', 'Add --name, --handle or --marketing-mail.')
  }
  const user = await withClient(context, { prefer: 'key', scopes: ['user:write'] }, ({ client, call }) =>
    client.user.update(changes, call),
  )
  const { id, email, fullName } = user
  const known = (await currentAccount(context)).user
  if (known?.id === id) await changeAccount(context, { user: { id, email, fullName } })
  await context.output.done(`Changed the account of ${fullName} (${user.handle}).`, id, user)
  return EXIT.OK
}
