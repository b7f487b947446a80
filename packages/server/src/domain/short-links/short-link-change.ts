/** What a caller says of a link. Undefined stays as it is, null takes away. */
export interface ShortLinkChange {
  readonly longUrl?: string | undefined
  readonly alias?: string | undefined
  /** Host of the short URL. */
  readonly domain?: string | undefined
  readonly password?: string | null | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | null | undefined
  readonly maxClicks?: number | null | undefined
  readonly utmSource?: string | null | undefined
  readonly utmMedium?: string | null | undefined
  readonly utmCampaign?: string | null | undefined
}
