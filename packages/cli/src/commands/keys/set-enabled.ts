import type { CommandContext } from '../../context'
import { currentAccount } from '../../credentials/session'
import { EXIT, type ExitCode } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { doInTurn } from '../do-in-turn'
import { findKey, namesOf } from './find-key'
import { refuseKeyInUse } from './refuse-key-in-use'

/** Enables or disables keys; one that is so already stays so. A name is that of a key which is to be changed, if there is one. */
export const setEnabled = async (
  context: CommandContext,
  named: readonly string[],
  enabled: boolean,
  mayLockOut?: true,
): Promise<ExitCode> => {
  const done = enabled ? 'Enabled' : 'Disabled'
  const inUse = (await currentAccount(context)).key?.id
  const need = { prefer: 'session', scopes: ['api-keys:read', 'api-keys:write'] } as const
  const keys = await withClient(context, need, open =>
    doInTurn(context, named, done, async idOrName => {
      const key = await findKey(open, idOrName, enabled ? ['disabled', 'active'] : ['active', 'disabled'])
      if (!enabled) refuseKeyInUse([key], inUse, 'disable', mayLockOut)
      return open.client.apiKeys.update({ keyId: key.id, enabled }, open.call)
    }),
  )
  const ids = keys.map(({ id }) => id)
  const since = `${keys.length > 1 ? 'They are' : 'It is'} ${enabled ? 'accepted again' : 'refused from now on'}`
  await context.output.done(`${done} ${namesOf(keys)}. ${since}.`, ids.join('\n'), keys)
  if (!enabled) context.output.note(`  To undo it:  snoop keys enable ${ids.join(' ')}`)
  return EXIT.OK
}
