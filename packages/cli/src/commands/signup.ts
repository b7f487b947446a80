import type { signupSpec } from '../command-tree/sign-in'
import type { Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { withPublicClient } from '../http/open-client'
import { askNewPassword, askText } from '../prompts/ask'
import { readSecretLines } from '../prompts/read-secret-lines'

const PASSWORD_LINE = { flag: '--password-stdin', names: ['the password'], needed: 1 }

export const run: Run<typeof signupSpec> = async (context, { options }) => {
  await context.settings()
  const name = await askText(context, options.name, { flag: '--name', message: 'Your name' })
  const email = await askText(context, options.email, { flag: '--email', message: 'E-mail address' })
  const [given] = options.passwordStdin ? await readSecretLines(context, PASSWORD_LINE) : []
  const way = 'Pipe it in:  --password-stdin < password.txt'
  const password = given ?? (await askNewPassword(context, { name: 'Password', way }))
  const answer = await withPublicClient(context, ({ client, call }) =>
    client.auth.signUpEmail({ name, email, password }, call),
  )
  await context.output.done(`A mail is on its way to ${answer.user.email}.`, answer.user.email, answer)
  context.output.note(
    `  Open the link in it, then sign in:  snoop login --email ${answer.user.email}\n  No mail? If the address has an account already, the mail says so.`,
  )
  return EXIT.OK
}
