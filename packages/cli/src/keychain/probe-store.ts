import { randomUUID } from 'node:crypto'
import { type CredentialStore, KeychainFailure } from './credential-store'

const SERVICE = 'snoop'

/**
 * Writes, reads and deletes an item of no meaning. A read alone proves nothing: a locked or missing collection
 * answers that there is no such item.
 * @throws KeychainFailure if the store cannot keep a secret now
 */
export const probeStore = async (store: CredentialStore): Promise<void> => {
  const account = `probe-${randomUUID()}`
  const value = randomUUID()
  await store.setPassword(SERVICE, account, value)
  const found = await store.getPassword(SERVICE, account)
  await store.deletePassword(SERVICE, account)
  if (found !== value) {
    throw new KeychainFailure('mismatch', 'The credential store does not give back what was put into it.')
  }
}
