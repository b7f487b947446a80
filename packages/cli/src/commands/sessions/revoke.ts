import { usageError } from '../../cli-error'
import type { revokeSpec } from '../../command-tree/sessions'
import type { CommandContext } from '../../context'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import { forgetSession } from '../../credentials/session'
import type { CommandInput, Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { doInTurn } from '../do-in-turn'

interface Revoked {
  readonly revokedCount: number
  /** The session of this machine is among them. */
  readonly signedOut: boolean
}

/** The one in use comes last: the others are ended with it. */
const revokeNamed = async (context: CommandContext, ids: readonly string[]): Promise<Revoked> => {
  const own = (
    await withClient(context, NEEDS_SESSION, ({ client, call }) => client.auth.listSessions({}, call))
  ).find(({ current }) => current)?.id
  const ordered = [...new Set(ids)].sort((a, b) => Number(a === own) - Number(b === own))
  const signedOut = ordered.some(id => id === own)
  await context.unbroken(async () => {
    await withClient(context, NEEDS_SESSION, ({ client, call }) =>
      doInTurn(context, ordered, 'Ended', id => client.auth.revokeSession({ id }, call)),
    )
    if (signedOut) await forgetSession(context)
  })
  return { revokedCount: ordered.length, signedOut }
}

const revokeOthers = async (context: CommandContext): Promise<Revoked> => {
  const { revokedCount } = await withClient(context, NEEDS_SESSION, ({ client, call }) =>
    client.auth.revokeOtherSessions({}, call),
  )
  return { revokedCount, signedOut: false }
}

const revokeAll = (context: CommandContext): Promise<Revoked> =>
  context.unbroken(async () => {
    const { revokedCount } = await withClient(context, NEEDS_SESSION, ({ client, call }) =>
      client.auth.revokeSessions({}, call),
    )
    await forgetSession(context)
    return { revokedCount, signedOut: true }
  })

const revoke = (
  context: CommandContext,
  { args: [ids], options: { others, all } }: CommandInput<typeof revokeSpec>,
): Promise<Revoked> => {
  if ([ids.length > 0, others, all].filter(Boolean).length !== 1) {
    throw usageError(
      'Name sessions, or give --others or --all: one of the three.',
      'See:  snoop sessions list',
    )
  }
  if (others) return revokeOthers(context)
  return all ? revokeAll(context) : revokeNamed(context, ids)
}

export const run: Run<typeof revokeSpec> = async (context, input) => {
  const revoked = await revoke(context, input)
  const { revokedCount, signedOut } = revoked
  const sessions = revokedCount === 1 ? '1 session' : `${revokedCount} sessions`
  await context.output.done(`Ended ${sessions}.`, String(revokedCount), revoked)
  if (signedOut) context.output.note('  This machine is signed out.')
  return EXIT.OK
}
