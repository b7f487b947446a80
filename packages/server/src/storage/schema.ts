/**
 * The tables as both engines hold them. Times are integer milliseconds since 1970, booleans 0 or 1, JSON is text,
 * hashes are base64url text. A `*_hash` column holds SHA-256 of a random secret (or argon2id of a password): no secret
 * itself is ever stored.
 */
export interface Database {
  users: UserTable
  organizations: OrganizationTable
  memberships: MembershipTable
  sessions: SessionTable
  link_tokens: LinkTokenTable
  api_keys: ApiKeyTable
  projects: ProjectTable
  outbox: OutboxTable
}

export interface UserTable {
  id: string
  /** Normalised; unique. */
  email: string
  email_verified_at: number | null
  full_name: string
  /** Unique, lower case. */
  handle: string
  password_hash: string
  role: string
  is_active: number
  marketing_opt_out: number
  two_factor_enabled: number
  last_login_at: number | null
  created_at: number
  updated_at: number
}

export interface OrganizationTable {
  id: string
  name: string
  /** Unique. */
  slug: string
  created_at: number
  updated_at: number
}

/** Tenant table. One row for each user of an organization. */
export interface MembershipTable {
  organization_id: string
  id: string
  user_id: string
  role: string
  created_at: number
  updated_at: number
}

export interface SessionTable {
  id: string
  user_id: string
  token_hash: string
  ip_address: string
  user_agent: string
  created_at: number
  /** When the user last proved who they are in this session. */
  authenticated_at: number
  renewed_at: number
  last_seen_at: number
  expires_at: number
  /** 0: the cookie ends with the browser. */
  remember: number
}

/** Single-use links sent by mail. */
export interface LinkTokenTable {
  id: string
  user_id: string
  purpose: string
  token_hash: string
  /** The address that the link was sent to. */
  email: string
  callback_url: string | null
  created_at: number
  expires_at: number
  used_at: number | null
}

export interface ApiKeyTable {
  id: string
  user_id: string
  /** The pin. */
  organization_id: string | null
  name: string
  format: string
  prefix: string
  start: string
  key_hash: string
  /** JSON array. */
  scopes: string
  /** JSON object. */
  permissions: string | null
  /** JSON object. */
  metadata: string | null
  enabled: number
  expires_at: number | null
  revoked_at: number | null
  rate_limit_enabled: number
  rate_limit_max: number
  rate_limit_window_ms: number
  refill_interval_ms: number | null
  refill_amount: number | null
  request_count: number
  last_request_at: number | null
  /** The successor's id, once rotated. */
  rotated_to: string | null
  /** SHA-256 of the Idempotency-Key of the rotation that made this key. */
  rotation_request_hash: string | null
  created_at: number
  updated_at: number
}

/** Tenant table. */
export interface ProjectTable {
  organization_id: string
  id: string
  name: string
  slug: string
  website: string | null
  description: string | null
  business_context: string | null
  monitoring_intent: string | null
  status: string
  frequency: string | null
  timezone: string
  created_by_user_id: string | null
  created_at: number
  updated_at: number
}

/** Mails to be sent, written in the transaction that wants them. */
export interface OutboxTable {
  id: string
  /** The mail as JSON, sealed with AES-256-GCM: it may hold a link token. Emptied once sent. */
  sealed_mail: string
  attempts: number
  next_attempt_at: number
  sent_at: number | null
  last_error: string | null
  created_at: number
}
