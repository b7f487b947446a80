import type { renameSpec } from '../../command-tree/passkeys'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { findPasskey } from './find-passkey'

export const run: Run<typeof renameSpec> = async (context, { args: [idOrName, name] }) => {
  const { id } = await findPasskey(context, idOrName)
  const renamed = await withClient(context, NEEDS_SESSION, ({ client, call }) =>
    client.passkeys.update({ id, name }, call),
  )
  await context.output.done(`Passkey ${renamed.name} (${renamed.id}) has its new name.`, renamed.id, renamed)
  return EXIT.OK
}
