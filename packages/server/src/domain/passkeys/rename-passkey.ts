import type { PasskeyRow } from '../../storage/stores/passkey-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'

/** @throws DomainError NOT_FOUND if it is no passkey of the caller */
export const renamePasskey = async (
  { storage }: DomainContext,
  { userId }: SessionPrincipal,
  id: string,
  name: string,
): Promise<PasskeyRow> => {
  const row = await storage.passkeys.rename(userId, id, name)
  if (!row) throw new DomainError('NOT_FOUND', { message: 'You have no passkey with this id' })
  return row
}
