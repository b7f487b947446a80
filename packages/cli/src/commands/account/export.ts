import type { exportSpec } from '../../command-tree/account'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { refuseExistingFile, replaceSecretFile } from '../secret-file'

export const run: Run<typeof exportSpec> = async (context, { options: { out } }) => {
  const { flags, output } = context
  if (out !== undefined && !flags.yes) await refuseExistingFile(out, 'Add --yes to overwrite it.')
  const exported = await withClient(context, NEEDS_SESSION, ({ client, call }) =>
    client.user.export({}, call),
  )
  if (out === undefined) {
    await output.value(exported)
    return EXIT.OK
  }
  await replaceSecretFile(out, JSON.stringify(exported, null, 2))
  const { exportedAt } = exported
  await output.done(`All that is held on you is in ${out}.`, out, { file: out, exportedAt })
  return EXIT.OK
}
