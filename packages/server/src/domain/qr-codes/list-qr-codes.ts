import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import type { QrCode } from './qr-code'

/** @param page `sort` by `date` or `clicks` */
export const listQrCodes = (
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
  page: PageRequest,
): Promise<PageResult<QrCode>> => storage.qrCodes.list(organizationId, page)
