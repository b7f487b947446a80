import { join } from 'node:path'
import { withFileLock } from '../config/file-lock'
import { readJsonFile, writeJsonFile } from '../config/private-file'
import { type Identity, identityName } from './identity'

/** What is known of a stored key without its secret. */
export interface KeyRecord {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** The organization that it is pinned to. */
  readonly organizationId: string | null
  readonly expiresAt: string | null
}

export interface SessionRecord {
  readonly id: string
  readonly expiresAt: string
}

export interface UserRecord {
  readonly id: string
  readonly email: string
  readonly fullName: string
}

/** What is known of an identity. So status works offline, and the keychain stays shut when there is nothing in it. */
export interface AccountRecord {
  readonly user: UserRecord | null
  readonly session: SessionRecord | null
  readonly key: KeyRecord | null
}

type Records = Readonly<Record<string, AccountRecord>>

export const NO_ACCOUNT: AccountRecord = { user: null, session: null, key: null }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNullOr = (value: unknown, isValid: (value: Record<string, unknown>) => boolean): boolean =>
  value === null || (isRecord(value) && isValid(value))
const isText = (value: unknown): boolean => typeof value === 'string'

const isAccount = (value: unknown): boolean =>
  isRecord(value) &&
  isNullOr(value.user, user => [user.id, user.email, user.fullName].every(isText)) &&
  isNullOr(value.session, session => [session.id, session.expiresAt].every(isText)) &&
  isNullOr(
    value.key,
    key => [key.id, key.name].every(isText) && Array.isArray(key.scopes) && key.scopes.every(isText),
  )

const isRecords = (value: unknown): value is Records =>
  isRecord(value) && Object.values(value).every(isAccount)

const recordsPath = (stateDirectory: string): string => join(stateDirectory, 'accounts.json')

/** @throws CliError (exit 12) if the file is damaged */
export const readAccount = async (stateDirectory: string, identity: Identity): Promise<AccountRecord> =>
  (await readJsonFile(recordsPath(stateDirectory), isRecords))?.[identityName(identity)] ?? NO_ACCOUNT

/** Changes the record of one identity; one with nothing left in it is dropped. */
export const updateAccount = (
  stateDirectory: string,
  identity: Identity,
  change: Partial<AccountRecord>,
): Promise<void> =>
  withFileLock(`${recordsPath(stateDirectory)}.lock`, async () => {
    const { [identityName(identity)]: current, ...others } =
      (await readJsonFile(recordsPath(stateDirectory), isRecords)) ?? {}
    const next = { ...NO_ACCOUNT, ...current, ...change }
    const isEmpty = next.session === null && next.key === null
    await writeJsonFile(
      recordsPath(stateDirectory),
      isEmpty ? others : { ...others, [identityName(identity)]: next },
    )
  })
