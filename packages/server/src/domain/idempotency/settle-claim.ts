import type { Stores } from '../../storage/storage'
import { DomainError } from '../domain-error'
import type { IdempotencyClaim } from './idempotency-claim'

/**
 * Says, in the transaction of the write, that it was carried out: it never is a second time.
 * @throws DomainError CONFLICT if another request took the key over, so that this write must not happen
 */
export const settleClaim = async (
  stores: Pick<Stores, 'idempotencyClaims'>,
  { id, userId, keyHash }: IdempotencyClaim,
): Promise<void> => {
  const count = await stores.idempotencyClaims.update(
    { id, user_id: userId, key_hash: keyHash },
    { state: 'done' },
  )
  if (count === 0)
    throw new DomainError('CONFLICT', { message: 'Another request with this Idempotency-Key took over' })
}
