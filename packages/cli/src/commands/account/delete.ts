import { SnoopApiError } from '@snoop/sdk'
import { CliError } from '../../cli-error'
import type { deleteSpec } from '../../command-tree/account'
import type { CommandContext } from '../../context'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import { forgetDevice, forgetSession } from '../../credentials/session'
import { forgetKey } from '../../credentials/stored-key'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { withClient } from '../../http/with-client'
import { confirmByTyping } from '../../prompts/ask'

const nameOf = (organization: unknown): string | undefined => {
  if (typeof organization === 'string') return organization
  const isNamed = typeof organization === 'object' && organization !== null && 'name' in organization
  return isNamed && typeof organization.name === 'string' ? organization.name : undefined
}

/** The server says which organizations would be left without an owner. */
const explainConflict = (error: unknown): unknown => {
  if (!(error instanceof CliError) || !SnoopApiError.is(error.details.cause)) return error
  const { organizations } = error.details.cause.meta ?? {}
  if (!Array.isArray(organizations)) return error
  const names = organizations.map(nameOf).filter(name => name !== undefined)
  return new CliError(error.message, {
    ...error.details,
    hint: `Make somebody else an owner first, or delete them:  ${names.join(', ')}`,
  })
}

const forgetAll = async (context: CommandContext): Promise<void> => {
  await forgetSession(context)
  await forgetKey(context)
  await forgetDevice(context)
}

export const run: Run<typeof deleteSpec> = async context => {
  const { origin, profile } = await context.identity()
  const user = await withClient(context, NEEDS_SESSION, ({ client, call }) => client.user.me({}, call))
  await confirmByTyping(
    context,
    `Delete the account of ${user.fullName} at ${origin}, and all that is held on it?`,
    user.email,
  )
  const answer = await context.unbroken(async () => {
    const deleted = await withFreshSession(context, ({ client, call }) => client.user.delete({}, call)).catch(
      error => {
        throw explainConflict(error)
      },
    )
    await forgetAll(context)
    return deleted
  })
  await context.output.done(`Deleted the account of ${user.email}.`, user.id, answer)
  context.output.note(`  The credentials of profile ${profile} are gone from this machine.`)
  return EXIT.OK
}
