import { updateProfile } from '../config/config-file'
import type { CommandContext } from '../context'
import { KeychainFailure } from '../keychain/credential-store'
import { probeStore } from '../keychain/probe-store'

const FLAG = '--store'

const remember = async (context: CommandContext, store: 'keychain' | 'file'): Promise<void> => {
  const { profile } = await context.settings()
  await updateProfile(context.directories.config, profile.value, current => ({ ...current, store }))
  context.reload()
}

/** A file is never taken in place of the keychain by itself: a person says so, once. */
const offerFile = async (context: CommandContext, failure: KeychainFailure): Promise<void> => {
  const { source } = (await context.settings()).store
  if (source !== 'default' || !context.canAsk) throw failure
  const prompts = await context.prompts()
  const agreed = await prompts.confirm({
    message: `${failure.message} Keep your credentials in a file that only you can read?`,
    initial: false,
  })
  if (!agreed) throw failure
  await remember(context, 'file')
}

/**
 * Makes sure that the store can keep a secret, before there is one. Without a keychain a person is asked, once,
 * whether a file will do; the answer is remembered, as is an explicit `--store`.
 * @throws KeychainFailure if the store cannot be used
 */
export const prepareStore = async (context: CommandContext): Promise<void> => {
  const { value, source } = (await context.settings()).store
  try {
    await probeStore(await context.store(value))
  } catch (error) {
    if (!(error instanceof KeychainFailure)) throw error
    return offerFile(context, error)
  }
  if (source === FLAG) await remember(context, value)
}

/** How a store is called in sentences. */
export const storeName = (kind: 'keychain' | 'file'): string =>
  kind === 'keychain' ? 'system keychain' : 'a file that only you can read'
