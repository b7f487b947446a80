import type { CommandContext } from '../../context'
import { EXIT, type ExitCode } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { doInTurn } from '../do-in-turn'
import { findKey } from './find-key'

/** Enables or disables keys. A disabled key has no name to be found by, as it is not live: it is named by its id. */
export const setEnabled = async (
  context: CommandContext,
  named: readonly string[],
  enabled: boolean,
): Promise<ExitCode> => {
  const done = enabled ? 'Enabled' : 'Disabled'
  const need = { prefer: 'session', scopes: ['api-keys:read', 'api-keys:write'] } as const
  const keys = await withClient(context, need, open =>
    doInTurn(context, named, done, async idOrName => {
      const { id } = await findKey(open, idOrName, enabled ? 'disabled' : 'active')
      return open.client.apiKeys.update({ keyId: id, enabled }, open.call)
    }),
  )
  const names = keys.map(({ name, id }) => `${name} (${id})`).join(', ')
  const since = enabled ? 'It is accepted again' : 'It is refused from now on; enable it again at any time'
  await context.output.done(`${done} ${names}. ${since}.`, keys.map(({ id }) => id).join('\n'), keys)
  return EXIT.OK
}
