import type { SnipyUrl } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { type ShortLink, shortUrl } from '../../domain/short-links/short-link'
import { toTimestamp } from '../../http/timestamp'

export const presentUrl = (domain: DomainContext, link: ShortLink): SnipyUrl => ({
  id: link.number,
  alias: link.alias,
  shorturl: shortUrl(domain, link.alias),
  longurl: link.long_url,
  clicks: link.clicks,
  date: toTimestamp(link.created_at),
})
