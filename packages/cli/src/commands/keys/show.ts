import { KEY_FORMATS } from '@snoop/sdk'
import type { showSpec } from '../../command-tree/keys'
import { currentAccount } from '../../credentials/session'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { findKey } from './find-key'
import { keyFields } from './key-fields'

export const run: Run<typeof showSpec> = async (context, { args: [idOrName] }) => {
  const need = { prefer: 'session', scopes: ['api-keys:read'] } as const
  const key = await withClient(context, need, open => findKey(open, idOrName))
  const inUse = (await currentAccount(context)).key?.id
  const field = keyFields(context.around.now(), inUse)
  const { id, name, state, format, scopes, permissions, org, start, limit, created, expires } = field
  const { lastUse, requests } = field
  const life = [created, expires, lastUse, requests]
  const rights = KEY_FORMATS[key.format].unmapped === null ? [scopes] : [scopes, permissions]
  const fields = [id, name, state, format, ...rights, org, start, limit, ...life]
  await context.output.show(
    key,
    fields.map(field => ({ ...field, label: field.label.toLowerCase() })),
  )
  return EXIT.OK
}
