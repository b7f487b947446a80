import type { LinkRow } from '../../storage/stores/link-store'

/** A link that can do nothing but lead somewhere, and that nobody has clicked. */
export const plainLink = (alias: string, longUrl: string) =>
  ({
    alias,
    long_url: longUrl,
    utm: null,
    password_hash: null,
    expires_at: null,
    max_clicks: null,
    clicks: 0,
  }) satisfies Partial<LinkRow>
