import type { CommandContext } from '../context'
import type { KeyRecord } from './account-records'
import { withCredentialLock } from './credential-locks'
import { changeAccount } from './session'

/** Makes a key the one that the profile uses. Resolves when the store gives it back. Take the key's lock before. */
export const keepKey = async (context: CommandContext, secret: string, record: KeyRecord): Promise<void> => {
  const vault = await context.vault()
  await vault.write('key', secret)
  await changeAccount(context, { key: record })
}

/** Removes the profile's key from this machine. */
export const forgetKey = (context: CommandContext): Promise<void> =>
  withCredentialLock(context, 'key', async () => {
    const vault = await context.vault()
    await vault.remove('key')
    await vault.remove('next-key')
    await changeAccount(context, { key: null })
  })
