import type { ApiKeyState } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { ApiKeyFilter, ApiKeyRow } from '../../storage/stores/api-key-store'
import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Principal } from '../principals/principal'

/** The keys that a caller may see: those of its account; a pinned key sees only keys with the same pin. */
export const visibleTo = (principal: Principal): ApiKeyFilter => ({
  userId: principal.userId,
  organizationId: principal.pinnedOrganizationId,
})

/** @throws DomainError NOT_FOUND */
export const getApiKey = async (
  { apiKeys }: Pick<Stores, 'apiKeys'>,
  principal: Principal,
  id: string,
): Promise<ApiKeyRow> => {
  const row = await apiKeys.find(visibleTo(principal), id)
  if (!row) throw new DomainError('NOT_FOUND', { message: 'You have no API key with this id' })
  return row
}

export const listApiKeys = (
  { storage, clock }: DomainContext,
  principal: Principal,
  page: PageRequest,
  state: ApiKeyState | undefined,
): Promise<PageResult<ApiKeyRow>> => storage.apiKeys.list(visibleTo(principal), page, state, clock())
