import type { ScreenshotStatusRow } from '../../storage/stores/screenshot-store'
import type { DomainContext } from '../domain-context'
import { screenshotNotFound } from './screenshot-not-found'

/** @throws DomainError NOT_FOUND */
export const getScreenshot = async (
  { storage }: DomainContext,
  organizationId: string,
  id: string,
): Promise<ScreenshotStatusRow> => {
  const screenshot = await storage.screenshots.find(organizationId, id)
  if (!screenshot) throw screenshotNotFound()
  return screenshot
}
