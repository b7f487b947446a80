import type { DomainContext } from '../domain-context'
import type { ShortLink } from './short-link'
import { shortLinkNotFound } from './short-link-not-found'

/** @throws DomainError NOT_FOUND */
export const getShortLink = async (
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
  number: number,
): Promise<ShortLink> => {
  const link = await storage.links.find(organizationId, number)
  if (!link) throw shortLinkNotFound()
  return link
}
