import type { BackupCodeRow } from '../../storage/stores/two-factor-store'
import type { DomainContext } from '../domain-context'
import { keyedHash } from '../keyed-hash'

/** Crockford's base 32: what looks like another letter is left out, and read as that one when it is typed. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const COUNT = 10
/** 50 bits. */
const LENGTH = 10

const normalize = (typed: string): string =>
  typed
    .toLowerCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/[il]/g, '1')
    .replace(/o/g, '0')

/** How a backup code is stored and found: for one user, however it was typed. */
export const hashBackupCode = (context: DomainContext, userId: string, typed: string): string =>
  keyedHash(context, 'backup-code', `${userId}\0${normalize(typed)}`)

const createCode = ({ randomBytes }: DomainContext): string => {
  const letters = [...randomBytes(LENGTH)].map(byte => ALPHABET[byte % ALPHABET.length]).join('')
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
}

/** New backup codes: as they are shown, once, and as they are stored. */
export interface BackupCodes {
  /** Such as `k7m2q-9xw4t`. */
  readonly codes: readonly string[]
  readonly rows: readonly BackupCodeRow[]
}

/** Ten different ones of 50 random bits each. */
export const createBackupCodes = (context: DomainContext, userId: string): BackupCodes => {
  const codes = new Set<string>()
  while (codes.size < COUNT) codes.add(createCode(context))
  const created_at = context.clock()
  const toRow = (code: string): BackupCodeRow => ({
    id: context.newId(),
    user_id: userId,
    code_hash: hashBackupCode(context, userId, code),
    used_at: null,
    created_at,
  })
  return { codes: [...codes], rows: [...codes].map(toRow) }
}
