import type { CommandContext } from '../context'
import { type AccountRecord, readAccount, type SessionRecord, updateAccount } from './account-records'
import { withCredentialLock } from './credential-locks'

/** The record of the identity in use. */
export const currentAccount = async (context: CommandContext): Promise<AccountRecord> =>
  readAccount(context.directories.state, await context.identity())

/** Notes down something about the identity in use. */
export const changeAccount = async (context: CommandContext, change: Partial<AccountRecord>): Promise<void> =>
  updateAccount(context.directories.state, await context.identity(), change)

/** Keeps a session just begun, in place of the one before. */
export const keepSession = (
  context: CommandContext,
  serializedJar: string,
  facts: Pick<AccountRecord, 'user'> & { readonly session: SessionRecord },
): Promise<void> =>
  withCredentialLock(context, 'session', async () => {
    const vault = await context.vault()
    await vault.write('session', serializedJar)
    await changeAccount(context, facts)
  })

/** Removes the session from this machine. */
export const forgetSession = (context: CommandContext): Promise<void> =>
  withCredentialLock(context, 'session', async () => {
    const vault = await context.vault()
    await vault.remove('session')
    await changeAccount(context, { session: null })
  })

/**
 * Keeps a jar whose cookie the server renewed during a call. Does nothing if it did not, or if another process has
 * stored another session meanwhile.
 */
export const keepRenewedSession = async (
  context: CommandContext,
  before: string,
  after: string,
  record: SessionRecord,
): Promise<void> => {
  const { readSessionCookie } = await import('./session-jar')
  const [old, renewed] = [readSessionCookie(before), readSessionCookie(after)]
  if (renewed === undefined || (old?.value === renewed.value && old.expiresAt === renewed.expiresAt)) return
  await withCredentialLock(context, 'session', async () => {
    const vault = await context.vault()
    if ((await vault.read('session')) !== before) return
    await vault.write('session', after)
    await changeAccount(context, {
      session: { id: record.id, expiresAt: renewed.expiresAt ?? record.expiresAt },
    })
  })
}
