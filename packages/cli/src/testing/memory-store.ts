import { KeychainFailure, type OpenCredentialStore } from '../keychain/credential-store'

/** A credential store that outlives the commands of a test. */
export interface MemoryStore {
  readonly items: Map<string, string>
  /** Set by tests: every call fails with it. */
  failure: KeychainFailure | undefined
  /** How often it was opened. */
  opened: number
  open(): OpenCredentialStore
}

export const createMemoryStore = (): MemoryStore => {
  const items = new Map<string, string>()
  const memory: MemoryStore = {
    items,
    failure: undefined,
    opened: 0,
    open() {
      memory.opened++
      const guard = <T>(work: () => T): Promise<T> =>
        memory.failure ? Promise.reject(memory.failure) : Promise.resolve(work())
      return {
        getPassword: (service, account) => guard(() => items.get(`${service}/${account}`) ?? null),
        setPassword: (service, account, password) =>
          guard(() => {
            items.set(`${service}/${account}`, password)
          }),
        deletePassword: (service, account) => guard(() => items.delete(`${service}/${account}`)),
        close() {},
      }
    },
  }
  return memory
}

export const lockedKeychain = (): KeychainFailure => new KeychainFailure('locked', 'Your keychain is locked.')
