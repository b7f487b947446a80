import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import type { ShortLink } from './short-link'

/** Those of QR codes are not among them. @param page `sort` by `date` or `clicks` */
export const listShortLinks = (
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
  page: PageRequest,
): Promise<PageResult<ShortLink>> => storage.links.list(organizationId, page)
