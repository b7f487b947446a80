import type { SnipyUrl } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { type ShortLink, shortUrl } from '../../domain/short-links/short-link'

export const presentUrl = (domain: DomainContext, link: ShortLink): SnipyUrl => ({
  id: link.number,
  alias: link.alias,
  shorturl: shortUrl(domain, link.alias),
  longurl: link.long_url,
  clicks: link.clicks,
  date: new Date(link.created_at).toISOString(),
})
