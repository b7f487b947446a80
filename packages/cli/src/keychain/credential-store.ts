/**
 * Keeps secrets by service and account. The names are keytar's, so that a reader knows them.
 * Each method rejects with `KeychainFailure` if the store is not there, is locked or does not answer: a missing
 * secret is `null`, a missing store never is.
 */
export interface CredentialStore {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  /** @returns false if there was nothing to delete */
  deletePassword(service: string, account: string): Promise<boolean>
}

/** A store that holds something open (a child process) until it is closed. */
export interface OpenCredentialStore extends CredentialStore {
  close(): void
}

/** Why the store cannot be used. `text` is for people and holds no secret. */
export class KeychainFailure extends Error {
  readonly reason: KeychainFailureReason

  constructor(reason: KeychainFailureReason, text: string) {
    super(text)
    this.name = 'KeychainFailure'
    this.reason = reason
  }
}

export type KeychainFailureReason = 'unavailable' | 'locked' | 'timeout' | 'too_large' | 'mismatch'
