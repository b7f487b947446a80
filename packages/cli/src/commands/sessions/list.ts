import type { listSpec } from '../../command-tree/sessions'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { sessionFields } from './session-fields'

export const run: Run<typeof listSpec> = async context => {
  const sessions = await withClient(context, NEEDS_SESSION, ({ client, call }) =>
    client.auth.listSessions({}, call),
  )
  await context.output.list(sessions, sessionFields(context.around.now()))
  return EXIT.OK
}
