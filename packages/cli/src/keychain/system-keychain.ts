import type { AsyncEntry } from '@napi-rs/keyring'
import type { CredentialStore } from './credential-store'

/**
 * The keychain of the operating system, in this process. On Linux always the Secret Service: left to choose, the
 * library falls back to the kernel's key ring, which forgets everything at the next start of the machine.
 * Constructor and methods may block the whole process on Linux; there, go through `brokerKeychain`.
 */
export const systemKeychain = (): CredentialStore => {
  const open = async (service: string, account: string): Promise<AsyncEntry> => {
    const { AsyncEntry } = await import('@napi-rs/keyring')
    return new AsyncEntry(service, account, { linux: { store: 'secret-service' } })
  }
  return {
    getPassword: async (service, account) => (await open(service, account)).getPassword(),
    setPassword: async (service, account, password) => (await open(service, account)).setPassword(password),
    deletePassword: async (service, account) => (await open(service, account)).deleteCredential(),
  }
}
