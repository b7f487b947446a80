import { usageError } from '../../cli-error'
import type { resetSpec } from '../../command-tree/password'
import type { CommandContext } from '../../context'
import { currentAccount } from '../../credentials/session'
import type { CommandInput, Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withPublicClient } from '../../http/open-client'
import { askNewPassword, askText } from '../../prompts/ask'
import { askLinkToken, tokenOfLink } from '../../prompts/ask-link-token'
import { askUntilRight } from '../../prompts/ask-until-right'
import { readSecretLines } from '../../prompts/read-secret-lines'
import { mailIsOnItsWay } from '../mail-is-on-its-way'

const WAY =
  'Then, with the link and the new password each on a line:  snoop password reset --token-stdin < file'

const reset = (context: CommandContext, token: string, newPassword: string) =>
  withPublicClient(context, ({ client, call }) => client.auth.resetPassword({ token, newPassword }, call))

const resetFromStdin = async (context: CommandContext) => {
  const names = ['the link or its token', 'the new password']
  const [pasted = '', newPassword = ''] = await readSecretLines(context, {
    flag: '--token-stdin',
    names,
    needed: 2,
  })
  return reset(context, await tokenOfLink(context, pasted), newPassword)
}

const sendMail = async (context: CommandContext, given: string | undefined): Promise<string> => {
  const initial = (await currentAccount(context)).user?.email
  const question = { flag: '--email', message: 'E-mail address', ...(initial && { initial }) }
  const email = await askText(context, given, question)
  await withPublicClient(context, ({ client, call }) => client.auth.requestPasswordReset({ email }, call))
  return email
}

const resetAtTerminal = async (
  context: CommandContext,
  { email: given }: CommandInput<typeof resetSpec>['options'],
) => {
  const email = await sendMail(context, given)
  if (!context.canAsk) throw mailIsOnItsWay(email, WAY)
  context.output.note(`If ${email} belongs to an account, a mail is on its way. Its link works for an hour.`)
  const token = await askLinkToken(context, {
    message: 'Paste the link from the mail, or its token',
    way: WAY,
  })
  // A password that the server refuses uses up nothing.
  return askUntilRight(
    context,
    ['VALIDATION_ERROR'],
    () => askNewPassword(context, { name: 'New password', way: WAY }),
    newPassword => reset(context, token, newPassword),
  )
}

export const run: Run<typeof resetSpec> = async (context, { options }) => {
  if (options.tokenStdin && options.email !== undefined) {
    throw usageError('--email is for sending the mail, --token-stdin for what was in it.')
  }
  const answer = await (options.tokenStdin ? resetFromStdin(context) : resetAtTerminal(context, options))
  await context.output.done('Password set. Every session of the account has ended.', '', answer)
  context.output.note('  Sign in with it:  snoop login')
  return EXIT.OK
}
