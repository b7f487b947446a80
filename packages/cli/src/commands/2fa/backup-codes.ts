import type { backupCodesSpec } from '../../command-tree/two-factor'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { confirmLoss } from '../../prompts/ask'
import { openBackupCodesPlace } from './backup-codes-output'

export const run: Run<typeof backupCodesSpec> = async (context, { options }) => {
  const place = await openBackupCodesPlace(context, options.backupCodesFile)
  await confirmLoss(context, 'Make new backup codes? The old ones are void then.')
  const { backupCodes } = await withFreshSession(context, async ({ client, call }) => {
    const made = await client.twoFactor.generateBackupCodes({}, call)
    await place.keep(made.backupCodes)
    return made
  })
  if (context.output.json) await context.output.value(place.json(backupCodes))
  else await place.show(backupCodes)
  return EXIT.OK
}
