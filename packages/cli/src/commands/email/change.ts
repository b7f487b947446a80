import type { changeSpec } from '../../command-tree/email'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'

export const run: Run<typeof changeSpec> = async (context, { args: [email] }) => {
  const answer = await withFreshSession(context, ({ client, call }) =>
    client.auth.changeEmail({ email }, call),
  )
  await context.output.done(`A mail is on its way to ${email}.`, email, answer)
  context.output.note(
    '  The address counts once its link was opened, or given to:  snoop email verify --token-stdin\n  Until then the old one stays.',
  )
  return EXIT.OK
}
