import type { CommandContext } from '../context'
import { type AccountRecord, readAccount, type SessionRecord, updateAccount } from './account-records'
import { withCredentialLock } from './credential-locks'

/** The record of the identity in use. */
export const currentAccount = async (context: CommandContext): Promise<AccountRecord> =>
  readAccount(context.directories.state, await context.identity())

/** Notes down something about the identity in use. */
export const changeAccount = async (context: CommandContext, change: Partial<AccountRecord>): Promise<void> =>
  updateAccount(context.directories.state, await context.identity(), change)

/** Keeps a session just begun, in place of the one before, and the cookie by which the server knows this machine. */
export const keepSession = (
  context: CommandContext,
  serializedJar: string,
  facts: Pick<AccountRecord, 'user'> & { readonly session: SessionRecord },
): Promise<void> =>
  withCredentialLock(context, 'session', async () => {
    const { splitJar } = await import('./session-jar')
    const { session, device } = splitJar(serializedJar)
    const vault = await context.vault()
    await vault.write('session', session)
    await changeAccount(context, facts)
    if (device !== null) await vault.write('device', device)
  })

/** Removes the session from this machine. */
export const forgetSession = (context: CommandContext): Promise<void> =>
  withCredentialLock(context, 'session', async () => {
    const vault = await context.vault()
    await vault.remove('session')
    await changeAccount(context, { session: null })
  })

/** Keeps the cookie by which the server knows this machine. */
export const keepDevice = (context: CommandContext, serializedJar: string): Promise<void> =>
  withCredentialLock(context, 'session', async () => {
    const { splitJar } = await import('./session-jar')
    const { device } = splitJar(serializedJar)
    if (device !== null) await (await context.vault()).write('device', device)
  })

/** Removes the cookie by which the server knows this machine. */
export const forgetDevice = (context: CommandContext): Promise<void> =>
  withCredentialLock(context, 'session', async () => {
    await (await context.vault()).remove('device')
  })

/** A session as it is stored. */
export interface StoredSession {
  /** The serialized cookie jar, as the store gave it. */
  readonly jar: string
  readonly record: SessionRecord
}

/**
 * Keeps a jar in which the server has just set the session's cookie anew. Does nothing if it took the cookie back, or
 * if another process has stored another session meanwhile.
 * @returns what is stored now, as far as this process has a part in it
 */
export const keepRenewedSession = async (
  context: CommandContext,
  before: StoredSession,
  serializedJar: string,
): Promise<StoredSession> => {
  const { readSessionCookie, splitJar } = await import('./session-jar')
  const renewed = readSessionCookie(serializedJar)
  if (renewed === undefined) return before
  const jar = splitJar(serializedJar).session
  const record = { ...before.record, expiresAt: renewed.expiresAt ?? before.record.expiresAt }
  return withCredentialLock(context, 'session', async () => {
    const vault = await context.vault()
    if ((await vault.read('session')) !== before.jar) return before
    await vault.write('session', jar)
    await changeAccount(context, { session: record })
    return { jar, record }
  })
}

/** Notes down the id that the server gave to the stored session with its new secret. */
export const noteSessionId = (context: CommandContext, { jar, record }: StoredSession): Promise<void> =>
  withCredentialLock(context, 'session', async () => {
    if ((await (await context.vault()).read('session')) !== jar) return
    await changeAccount(context, { session: record })
  })
