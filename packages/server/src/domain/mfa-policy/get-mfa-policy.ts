import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { MfaPolicy } from './decide-mfa'
import { mfaPolicyOf } from './read-mfa-rows'

/** @throws DomainError FORBIDDEN if the organization is gone */
export const getMfaPolicy = async (
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
): Promise<MfaPolicy> => {
  const row = await storage.mfaPolicies.find(organizationId)
  if (!row) throw new DomainError('FORBIDDEN')
  return mfaPolicyOf(row)
}
