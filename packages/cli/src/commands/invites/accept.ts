import type { InvitationPreview } from '@snoop/sdk/contract'
import { CliError, usageError } from '../../cli-error'
import type { acceptSpec } from '../../command-tree/invites'
import type { CommandContext } from '../../context'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withPublicClient } from '../../http/open-client'
import { withClient } from '../../http/with-client'
import { terminalSafeLine } from '../../output/terminal-text'
import { askLinkToken, tokenOfLink } from '../../prompts/ask-link-token'
import { readSecretLines } from '../../prompts/read-secret-lines'

const WAY = 'snoop invites accept - < link.txt'

/** @returns the token of the invitation */
const readToken = async (context: CommandContext, source: string | undefined): Promise<string> => {
  if (source === undefined) {
    const message = 'Paste the link from the mail, or its token'
    return askLinkToken(context, { message, way: `Give it by stdin:  ${WAY}` })
  }
  if (source === '-') {
    const lines = { flag: '`accept -`', names: ['the link or its token'], needed: 1 }
    const [pasted = ''] = await readSecretLines(context, lines)
    return tokenOfLink(context, pasted)
  }
  throw usageError(
    'An invitation is not given on the command line, where others can see it.',
    `Leave it out to be asked, or give it by stdin:  ${WAY}`,
  )
}

/** What the server's words and the usual hints leave out for somebody who is invited. */
const hintOf = (code: string, { email }: InvitationPreview): string | undefined => {
  switch (code) {
    case 'FORBIDDEN':
      return `The invitation is for ${email}. Who you are signed in as:  snoop whoami`
    case 'PLAN_LIMIT_REACHED':
      return 'Ask who invited you: the organization has to make room first.'
    default:
      return undefined
  }
}

const explain = (error: unknown, preview: InvitationPreview): unknown => {
  if (!(error instanceof CliError)) return error
  const hint = hintOf(error.details.code, preview)
  return hint === undefined ? error : new CliError(error.message, { ...error.details, hint })
}

export const run: Run<typeof acceptSpec> = async (context, { args: [source] }) => {
  const token = await readToken(context, source)
  const preview = await withPublicClient(context, ({ client, call }) => client.invites.get({ token }, call))
  const membership = await withClient(
    context,
    { prefer: 'session', scopes: ['user:write'] },
    ({ client, call }) => client.invites.accept({ token }, call),
  ).catch(error => {
    throw explain(error, preview)
  })
  const { organizationId, role } = membership
  const joined = `You joined ${terminalSafeLine(preview.organizationName)} as ${role}.`
  await context.output.done(joined, organizationId, membership)
  context.output.note(`  Work in it:  snoop orgs use ${organizationId}`)
  return EXIT.OK
}
