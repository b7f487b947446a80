import type { signupSpec } from '../command-tree/account'
import type { Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { withPublicClient } from '../http/with-client'
import { askPassword, askText } from '../prompts/ask'

export const run: Run<typeof signupSpec> = async (context, { options }) => {
  await context.settings()
  const name = await askText(context, options.name, { flag: '--name', message: 'Your name' })
  const email = await askText(context, options.email, { flag: '--email', message: 'E-mail address' })
  const password = await askPassword(context, { fromStdin: options.passwordStdin === true, isNew: true })
  const answer = await withPublicClient(context, ({ client, call }) =>
    client.auth.signUpEmail({ name, email, password }, call),
  )
  await context.output.done(`A mail is on its way to ${answer.user.email}.`, answer.user.email, answer)
  context.output.note(
    `  Open the link in it, then sign in:  snoop login --email ${answer.user.email}\n  No mail? If the address has an account already, the mail says so.`,
  )
  return EXIT.OK
}
