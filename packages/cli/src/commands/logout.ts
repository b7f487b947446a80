import type { logoutSpec } from '../command-tree/sign-in'
import type { CommandContext } from '../context'
import type { KeyRecord } from '../credentials/account-records'
import { currentAccount, forgetSession } from '../credentials/session'
import { forgetKey } from '../credentials/stored-key'
import type { Run } from '../define-command'
import { EXIT, type ExitCode } from '../exit-codes'
import { type EndVerdict, endSession, endVerdict } from '../http/end-session'
import { withClient } from '../http/with-client'

/** The stored key was never shown to anybody: left alive it would be a key that nobody can use or see. */
const endKey = async (context: CommandContext, { id }: KeyRecord): Promise<EndVerdict> => {
  try {
    await withClient(context, { prefer: 'session', scopes: ['api-keys:delete'] }, ({ client, call }) =>
      client.apiKeys.delete({ keyId: id }, call),
    )
    return { outcome: 'revoked' }
  } catch (error) {
    return endVerdict(error)
  }
}

const endStoredSession = async (context: CommandContext): Promise<EndVerdict> => {
  const jar = await (await context.vault()).read('session')
  return jar === null ? { outcome: 'already_gone' } : endSession(context, jar)
}

const sentence = (what: string, verdict: EndVerdict): string => {
  switch (verdict.outcome) {
    case 'revoked':
      return `${what}: revoked`
    case 'already_gone':
      return `${what}: already gone`
    case 'not_revoked':
      return `${what}: not revoked (${verdict.reason})`
  }
}

export const run: Run<typeof logoutSpec> = async (context, { options }) => {
  const { output } = context
  const account = await currentAccount(context)
  const { profile, origin } = await context.identity()
  const ended: { what: string; id: string; verdict: EndVerdict; expiresAt: string | null }[] = []

  if (account.key !== null && !options.keepKey) {
    const { id, name, expiresAt } = account.key
    const verdict = await endKey(context, account.key)
    await forgetKey(context)
    ended.push({ what: `Key ${name}`, id, verdict, expiresAt })
  }
  if (account.session !== null) {
    const verdict = await endStoredSession(context)
    await forgetSession(context)
    ended.push({ what: 'Session', id: account.session.id, verdict, expiresAt: account.session.expiresAt })
  }

  const said = ended.map(({ what, verdict }) => sentence(what, verdict)).join('. ')
  await output.done(
    ended.length === 0
      ? `Nobody was signed in (profile ${profile}, ${origin}).`
      : `Signed out of ${origin}. ${said}.`,
    ended.map(({ id, verdict }) => `${id}\t${verdict.outcome}`).join('\n'),
    ended.map(({ id, verdict }) => ({ id, ...verdict })),
  )
  let exit: ExitCode = EXIT.OK
  for (const { what, id, verdict, expiresAt } of ended) {
    if (verdict.outcome !== 'not_revoked') continue
    exit = verdict.exit
    output.warn(
      `${what} (${id}) stays good on the server${expiresAt ? ` until ${expiresAt}` : ''}; it is gone from this machine.`,
    )
  }
  return exit
}
