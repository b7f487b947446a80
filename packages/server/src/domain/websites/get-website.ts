import type { WebsiteRow } from '../../storage/stores/website-store'
import type { DomainContext } from '../domain-context'
import { websiteNotFound } from './website-not-found'

/** @throws DomainError NOT_FOUND */
export const getWebsite = async (
  { storage }: DomainContext,
  organizationId: string,
  number: number,
): Promise<WebsiteRow> => {
  const website = await storage.websites.find(organizationId, number)
  if (!website) throw websiteNotFound()
  return website
}
