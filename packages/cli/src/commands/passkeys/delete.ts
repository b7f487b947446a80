import type { deleteSpec } from '../../command-tree/passkeys'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { confirmLoss } from '../../prompts/ask'
import { doInTurn } from '../do-in-turn'
import { findPasskeys } from './find-passkey'

export const run: Run<typeof deleteSpec> = async (context, { args: [named] }) => {
  const passkeys = await findPasskeys(context, named)
  const names = passkeys.map(({ name, id }) => `${name} (${id})`).join(', ')
  await confirmLoss(context, `Remove ${names}? They no longer sign in then.`)
  const ids = passkeys.map(({ id }) => id)
  const removed = await doInTurn(context, ids, 'Removed', id =>
    withFreshSession(context, ({ client, call }) => client.passkeys.delete({ id }, call)),
  )
  await context.output.done(`Removed ${names}.`, ids.join('\n'), removed)
  return EXIT.OK
}
