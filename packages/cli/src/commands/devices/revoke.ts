import type { revokeSpec } from '../../command-tree/devices'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { doInTurn } from '../do-in-turn'

export const run: Run<typeof revokeSpec> = async (context, { args: [named] }) => {
  const ids = [...new Set(named)]
  await withClient(context, NEEDS_SESSION, ({ client, call }) =>
    doInTurn(context, ids, 'Forgot', id => client.auth.revokeDevice({ id }, call)),
  )
  const devices = ids.length === 1 ? '1 device' : `${ids.length} devices`
  await context.output.done(`Forgot ${devices}.`, ids.join('\n'), { revokedCount: ids.length, ids })
  return EXIT.OK
}
