import { SnoopApiError } from '@snoop/sdk'
import { CliError } from '../../cli-error'
import type { sendSpec } from '../../command-tree/invites'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { relativeTime } from '../../output/relative-time'

/** What the server complains of: several fields, or one that is in conflict. */
const complaintsOf = ({ message, details: { fields = [], cause } }: CliError) => {
  const field = SnoopApiError.is(cause) ? cause.meta?.field : undefined
  return fields.length === 0 && typeof field === 'string' ? [{ field, error: message }] : fields
}

/** The server names a field by its number; a person knows the address. */
const nameAddresses = (error: unknown, emails: readonly string[]): unknown => {
  if (!(error instanceof CliError)) return error
  const lines = complaintsOf(error).map(({ field, error: wrong }) => {
    const index = /^invites\.(\d+)\.email$/.exec(field)?.[1]
    return `${(index && emails[Number(index)]) ?? field}: ${wrong}`
  })
  return lines.length === 0 ? error : new CliError(lines.join('\n'), error.details)
}

export const run: Run<typeof sendSpec> = async (context, { args: [emails], options: { role } }) => {
  const invites = emails.map(email => ({ email, ...(role !== undefined && { role }) }))
  const sent = await withOrganization(context, ['user:write'], ({ client, call }, organizationId) =>
    client.invites.send({ organizationId, invites }, call),
  ).catch(error => {
    throw nameAddresses(error, emails)
  })
  const people = sent.map(({ email, role: invitedAs }) => `${email} (${invitedAs})`).join(', ')
  await context.output.done(`Invited ${people}.`, sent.map(({ id }) => id).join('\n'), sent)
  const [first] = sent
  if (first !== undefined) {
    const end = relativeTime(first.expiresAt, context.around.now())
    context.output.note(
      `  They accept by the link in the mail, which ends ${end}, or by:  snoop invites accept`,
    )
  }
  return EXIT.OK
}
