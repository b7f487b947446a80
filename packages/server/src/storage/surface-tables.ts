/** A sign-in by which access tokens were made: ended, all of them are dead. */
export interface TokenFamilyTable {
  id: string
  user_id: string
  ip_address: string
  user_agent: string
  created_at: number
  /** No refresh token of it is good after this. */
  expires_at: number
  ended_at: number | null
}

/** Each came with an access token, whose `jti` is its id. Used ones stay, so that a second use is noticed. */
export interface RefreshTokenTable {
  id: string
  family_id: string
  token_hash: string
  created_at: number
  used_at: number | null
}

/** Tenant table. The last number that was given to a thing of a kind: numbers never come twice. */
export interface NumberSequenceTable {
  organization_id: string
  kind: string
  last_number: number
}

/** Tenant table. Short links; one of a QR code is listed with those alone. */
export interface LinkTable {
  organization_id: string
  number: number
  /** Unique over all organizations. */
  alias: string
  long_url: string
  /** JSON object of parameters that are added to the target. */
  utm: string | null
  /** argon2id. */
  password_hash: string | null
  expires_at: number | null
  max_clicks: number | null
  clicks: number
  is_qr: number
  created_at: number
  updated_at: number
}

/** Tenant table. */
export interface QrCodeTable {
  organization_id: string
  number: number
  name: string
  link_number: number
  /** JSON object. */
  design: string
  created_at: number
  updated_at: number
}

/** Tenant table. */
export interface WebsiteTable {
  organization_id: string
  number: number
  name: string
  url: string
  viewport_width: number
  viewport_height: number
  full_page: number
  status: string
  last_screenshot_at: number | null
  created_at: number
  updated_at: number
}

/** Tenant table. */
export interface ScreenshotTable {
  organization_id: string
  id: string
  website_number: number
  /** `queued`, `running`, `done` or `failed`. */
  status: string
  error: string | null
  attempts: number
  /** Nobody else begins, or takes over, before. */
  next_attempt_at: number
  image_base64: string | null
  created_at: number
  finished_at: number | null
}

/** Tenant table. Resources that an organization defined. */
export interface ResourceTable {
  organization_id: string
  name: string
  /** JSON object. */
  definition: string
  created_at: number
  updated_at: number
}

/** Tenant table. */
export interface ResourceRowTable {
  organization_id: string
  resource: string
  id: string
  /** JSON object: field → value. */
  data: string
  created_at: number
  updated_at: number
}

/** Tenant table. */
export interface ResourceValueTable {
  organization_id: string
  resource: string
  field: string
  /** SHA-256. */
  value_digest: string
  row_id: string
}
