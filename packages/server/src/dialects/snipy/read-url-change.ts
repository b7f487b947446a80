import type { ShortLinkChange } from '../../domain/short-links/short-link-change'

/** What can be said of a link, in the words of this surface. */
interface UrlBody {
  readonly url?: string | undefined
  readonly alias?: string | undefined
  readonly domain?: string | undefined
  readonly password?: string | null | undefined
  readonly expiry?: string | null | undefined
  readonly maxClicks?: number | null | undefined
  readonly utm_source?: string | null | undefined
  readonly utm_medium?: string | null | undefined
  readonly utm_campaign?: string | null | undefined
}

/** A day without a time begins at midnight, UTC. */
const toTime = (expiry: string | null | undefined): number | null | undefined =>
  typeof expiry === 'string' ? Date.parse(expiry) : expiry

export const readUrlChange = ({
  url,
  expiry,
  utm_source,
  utm_medium,
  utm_campaign,
  ...rest
}: UrlBody): ShortLinkChange => ({
  ...rest,
  longUrl: url,
  expiresAt: toTime(expiry),
  utmSource: utm_source,
  utmMedium: utm_medium,
  utmCampaign: utm_campaign,
})
