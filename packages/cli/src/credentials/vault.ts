import { type CredentialStore, KeychainFailure } from '../keychain/credential-store'
import { accountName, type Identity } from './identity'

/**
 * The items of one identity: its session (a cookie jar), its key, a key that is about to take over, and the cookie by
 * which the server knows this machine (a jar too), which outlives the sessions.
 */
export type Slot = 'session' | 'key' | 'next-key' | 'device'

const SERVICE = 'snoop'

/** The secrets of one identity in a credential store. */
export interface Vault {
  read(slot: Slot): Promise<string | null>
  /** Resolves only when the store gives back what was written. */
  write(slot: Slot, secret: string): Promise<void>
  /** @returns false if there was nothing */
  remove(slot: Slot): Promise<boolean>
}

export const createVault = (store: CredentialStore, identity: Identity): Vault => {
  const account = (slot: Slot): string => `${accountName(identity)}#${slot}`
  return {
    read: slot => store.getPassword(SERVICE, account(slot)),
    async write(slot, secret) {
      await store.setPassword(SERVICE, account(slot), secret)
      if ((await store.getPassword(SERVICE, account(slot))) !== secret) {
        throw new KeychainFailure('mismatch', 'The credential store does not give back what was put into it.')
      }
    },
    remove: slot => store.deletePassword(SERVICE, account(slot)),
  }
}
