import type { ApiKeyState, KeyFormat } from '@snoop/sdk/contract'
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

/** Which keys are listed; what is undefined narrows nothing. Times are in milliseconds since 1970. */
export interface KeyListFilter {
  readonly state: ApiKeyState | undefined
  readonly format: KeyFormat | undefined
  /** Keys that were made before this time and not used since. */
  readonly unusedSince: number | undefined
  /** Keys that live and expire before this time. */
  readonly expiringBefore: number | undefined
}

/**
 * Keys that the caller may see, dead ones too; `q` is a part of the name, or how the key
 * begins, as far as the record shows it. A use counts from the moment
 * on that this process let the request in; uses of other processes count once they are written down.
 */
export const listApiKeys = async (
  { storage, clock, uses }: Pick<DomainContext, 'storage' | 'clock' | 'uses'>,
  principal: Principal,
  page: PageRequest,
  filter: Partial<KeyListFilter> = {},
): Promise<PageResult<ApiKeyRow>> => {
  const visible = visibleTo(principal)
  const { unusedSince } = filter
  // Before the look into the table: what is written down meanwhile is then in one of the two.
  const used = unusedSince === undefined ? undefined : uses.keysUsedSince(unusedSince)
  const isListed = used?.size ? await storage.apiKeys.listIds(visible) : []
  const narrowing = { ...filter, except: isListed.filter(id => used?.has(id)) }
  return storage.apiKeys.list(visible, page, narrowing, clock())
}
