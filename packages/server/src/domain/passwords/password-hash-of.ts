import type { UserRow } from '../../storage/stores/user-store'

/** The argon2id hash of an account's password; undefined for one without a password, and for no account. */
export const passwordHashOf = (user: Pick<UserRow, 'password_hash'> | undefined): string | undefined =>
  user?.password_hash || undefined
