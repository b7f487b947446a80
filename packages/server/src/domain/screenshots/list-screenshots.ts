import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { ScreenshotStatusRow } from '../../storage/stores/screenshot-store'
import type { DomainContext } from '../domain-context'

/** Newest first. @param websiteNumber only those of this website */
export const listScreenshots = (
  { storage }: DomainContext,
  organizationId: string,
  page: Pick<PageRequest, 'offset' | 'limit'>,
  websiteNumber: number | undefined,
): Promise<PageResult<ScreenshotStatusRow>> => storage.screenshots.list(organizationId, page, websiteNumber)
