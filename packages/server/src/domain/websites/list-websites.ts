import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { WebsiteRow } from '../../storage/stores/website-store'
import type { DomainContext } from '../domain-context'

/** In the order in which they were made. */
export const listWebsites = (
  { storage }: DomainContext,
  organizationId: string,
  page: Pick<PageRequest, 'offset' | 'limit'>,
): Promise<PageResult<WebsiteRow>> => storage.websites.list(organizationId, page)
