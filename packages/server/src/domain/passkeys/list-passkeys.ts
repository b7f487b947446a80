import type { PasskeyRow } from '../../storage/stores/passkey-store'
import type { DomainContext } from '../domain-context'

/** Passkeys of a user, oldest first. */
export const listPasskeys = ({ storage }: DomainContext, userId: string): Promise<PasskeyRow[]> =>
  storage.passkeys.list(userId)
