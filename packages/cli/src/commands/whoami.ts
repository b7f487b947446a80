import type { whoamiSpec } from '../command-tree/sign-in'
import type { Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { withClient } from '../http/with-client'

export const run: Run<typeof whoamiSpec> = async context => {
  const user = await withClient(context, { prefer: 'key', scopes: ['user:read'] }, ({ client, call }) =>
    client.user.me({}, call),
  )
  const { output } = context
  if (output.isHuman) await output.text(`${user.fullName} (${user.email})`)
  else if (output.json) await output.value(user)
  else await output.text(user.email)
  return EXIT.OK
}
