import type { deleteSpec } from '../../command-tree/account'
import type { CommandContext } from '../../context'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import { forgetDevice, forgetSession } from '../../credentials/session'
import { forgetKey } from '../../credentials/stored-key'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { withClient } from '../../http/with-client'
import { confirmByTyping } from '../../prompts/ask'

const forgetAll = async (context: CommandContext): Promise<void> => {
  await forgetSession(context)
  await forgetKey(context)
  await forgetDevice(context)
}

export const run: Run<typeof deleteSpec> = async context => {
  const { origin, profile } = await context.identity()
  const user = await withClient(context, NEEDS_SESSION, ({ client, call }) => client.user.me({}, call))
  await confirmByTyping(
    context,
    `Delete the account of ${user.fullName} at ${origin}, and all that is held on it?`,
    user.email,
  )
  const answer = await context.unbroken(async () => {
    const deleted = await withFreshSession(context, ({ client, call }) => client.user.delete({}, call))
    await forgetAll(context)
    return deleted
  })
  await context.output.done(`Deleted the account of ${user.email}.`, user.id, answer)
  context.output.note(`  The credentials of profile ${profile} are gone from this machine.`)
  return EXIT.OK
}
