import { SnoopApiError } from '@snoop/sdk'
import { type InvitationPreview, normalizeEmail } from '@snoop/sdk/contract'
import { CliError, usageError } from '../../cli-error'
import type { acceptSpec } from '../../command-tree/invites'
import type { CommandContext } from '../../context'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { explainApiFailure } from '../../http/explain-api-failure'
import { type OpenClient, withPublicClient } from '../../http/open-client'
import { withClient } from '../../http/with-client'
import { terminalSafeLine } from '../../output/terminal-text'
import { askLinkToken, tokenOfLink } from '../../prompts/ask-link-token'
import { readSecretLines } from '../../prompts/read-secret-lines'
import { withHints } from '../with-hints'

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

/** Of a key it may not be told: what it was refused for is in the server's words. */
const signedInAddress = async ({ client, call, used }: OpenClient): Promise<string | undefined> => {
  if (used !== 'session') return undefined
  return client.user.me({}, call).then(
    ({ email }) => email,
    () => undefined,
  )
}

/** Somebody else than who is invited, or an inviter who has lost the right to: the server has one code for both. */
const forbiddenHint = async (open: OpenClient, { email }: InvitationPreview): Promise<string | undefined> => {
  const own = await signedInAddress(open)
  if (own === undefined) return undefined
  return normalizeEmail(own) === normalizeEmail(email)
    ? 'Ask somebody of the organization to send it again.'
    : `The invitation is for ${email}. Who you are signed in as:  snoop whoami`
}

/** The failure with what the server's words and the usual hints leave out for somebody who is invited. */
const explain = async (error: unknown, open: OpenClient, preview: InvitationPreview): Promise<unknown> => {
  if (!SnoopApiError.is(error) || error.code !== 'FORBIDDEN') return error
  const { message, details } = explainApiFailure(error, open.used)
  return new CliError(message, { ...details, hint: await forbiddenHint(open, preview) })
}

const HINTS = { PLAN_LIMIT_REACHED: 'Ask who invited you: the organization has to make room first.' }

export const run: Run<typeof acceptSpec> = async (context, { args: [source] }) => {
  const token = await readToken(context, source)
  const preview = await withPublicClient(context, ({ client, call }) => client.invites.get({ token }, call))
  const membership = await withHints(HINTS, () =>
    withClient(context, { prefer: 'session', scopes: ['user:write'] }, open =>
      open.client.invites.accept({ token }, open.call).catch(async error => {
        throw await explain(error, open, preview)
      }),
    ),
  )
  const { organizationId, role } = membership
  const joined = `You joined ${terminalSafeLine(preview.organizationName)} as ${role}.`
  await context.output.done(joined, organizationId, membership)
  context.output.note(`  Work in it:  snoop orgs use ${organizationId}`)
  return EXIT.OK
}
