import { usageError } from '../../cli-error'
import type { verifySpec } from '../../command-tree/email'
import type { CommandContext } from '../../context'
import { currentAccount } from '../../credentials/session'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withPublicClient } from '../../http/open-client'
import { askText } from '../../prompts/ask'
import { askLinkTokenIfAny, tokenOfLink } from '../../prompts/ask-link-token'
import { readSecretLines } from '../../prompts/read-secret-lines'

const WAY = 'snoop email verify --token-stdin < link.txt'

const verifyByToken = async (context: CommandContext, token: string): Promise<void> => {
  const answer = await withPublicClient(context, ({ client, call }) =>
    client.auth.verifyEmail({ token }, call),
  )
  await context.output.done(`${answer.email} is verified.`, answer.email, answer)
}

const sendMail = async (context: CommandContext, given: string | undefined): Promise<void> => {
  const known = (await currentAccount(context)).user?.email
  const email = await askText(context, given ?? known, { flag: '--email', message: 'E-mail address' })
  const answer = await withPublicClient(context, ({ client, call }) =>
    client.auth.sendVerificationEmail({ email }, call),
  )
  await context.output.done(`If ${email} awaits verification, a mail is on its way.`, email, answer)
  if (!context.canAsk || context.output.json) {
    context.output.note(`  Open its link, or give it to:  ${WAY}`)
    return
  }
  const message = 'Paste the link from the mail, or its token (empty if you open it yourself)'
  const token = await askLinkTokenIfAny(context, { message, way: WAY })
  if (token !== undefined) await verifyByToken(context, token)
}

export const run: Run<typeof verifySpec> = async (context, { options: { email, tokenStdin } }) => {
  if (tokenStdin && email !== undefined) {
    throw usageError('--email is for sending the mail, --token-stdin for what was in it.')
  }
  if (tokenStdin) {
    const lines = { flag: '--token-stdin', names: ['the link or its token'], needed: 1 }
    const [pasted = ''] = await readSecretLines(context, lines)
    await verifyByToken(context, await tokenOfLink(context, pasted))
  } else {
    await sendMail(context, email)
  }
  return EXIT.OK
}
