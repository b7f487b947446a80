import type {
  AuditChainTable,
  AuditEventTable,
  BillingSettingsTable,
  CheckoutTable,
  CreditEntryTable,
  InvitationTable,
  MembershipTable,
  OrganizationTable,
  PaymentEventTable,
  ProjectTable,
  SubscriptionTable,
} from './organization-tables'
import type {
  LinkTable,
  NumberSequenceTable,
  QrCodeTable,
  RefreshTokenTable,
  ResourceRowTable,
  ResourceTable,
  ResourceValueTable,
  ScreenshotTable,
  TokenFamilyTable,
  WebsiteTable,
} from './surface-tables'

export type * from './organization-tables'
export type * from './surface-tables'

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
  mail_requests: MailRequestTable
  challenges: ChallengeTable
  two_factors: TwoFactorTable
  backup_codes: BackupCodeTable
  passkeys: PasskeyTable
  social_accounts: SocialAccountTable
  devices: DeviceTable
  login_events: LoginEventTable
  guess_counters: GuessCounterTable
  instance_checks: InstanceCheckTable
  invitations: InvitationTable
  audit_events: AuditEventTable
  audit_chains: AuditChainTable
  subscriptions: SubscriptionTable
  checkouts: CheckoutTable
  credit_entries: CreditEntryTable
  billing_settings: BillingSettingsTable
  payment_events: PaymentEventTable
  idempotency_claims: IdempotencyClaimTable
  token_families: TokenFamilyTable
  refresh_tokens: RefreshTokenTable
  number_sequences: NumberSequenceTable
  links: LinkTable
  qr_codes: QrCodeTable
  websites: WebsiteTable
  screenshots: ScreenshotTable
  resources: ResourceTable
  resource_rows: ResourceRowTable
  resource_values: ResourceValueTable
}

export interface UserTable {
  id: string
  /** Normalised; unique. */
  email: string
  email_verified_at: number | null
  full_name: string
  /** Unique, lower case. */
  handle: string
  /** argon2id; empty for an account without a password. */
  password_hash: string
  role: string
  is_active: number
  marketing_opt_out: number
  two_factor_enabled: number
  last_login_at: number | null
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
  /** The session that asked for it, where that matters. */
  session_id: string | null
  /** 0: a session that it opens ends with the browser. */
  remember: number
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

/** Mails that somebody asked for by address: whether there is such an account is looked up later, out of their sight. */
export interface MailRequestTable {
  id: string
  purpose: string
  /** Normalised. */
  email: string
  callback_url: string | null
  remember: number
  created_at: number
}

/** What was handed out to be answered once: sign-ins that await a second factor, passkey ceremonies, social sign-ins. */
export interface ChallengeTable {
  id: string
  kind: string
  user_id: string | null
  session_id: string | null
  token_hash: string
  /** What belongs to it, as JSON sealed with AES-256-GCM. */
  sealed_data: string | null
  /** Answers that were wrong, where they are counted one challenge at a time. */
  wrong_codes: number
  created_at: number
  expires_at: number
}

export interface TwoFactorTable {
  user_id: string
  /** `totp` or `email`. */
  method: string
  /** The TOTP secret, sealed with AES-256-GCM. */
  sealed_secret: string | null
  /** Null: not turned on yet. */
  confirmed_at: number | null
  /** The newest TOTP step that was used, so that none counts twice. */
  last_used_step: number
  /** Of the code that was mailed last: HMAC, what it is bound to, and its end. */
  code_hash: string | null
  code_bound_to: string | null
  code_expires_at: number | null
  created_at: number
}

export interface BackupCodeTable {
  id: string
  user_id: string
  /** HMAC-SHA256. */
  code_hash: string
  used_at: number | null
  created_at: number
}

export interface PasskeyTable {
  id: string
  user_id: string
  /** base64url; unique. */
  credential_id: string
  /** COSE key, base64url. */
  public_key: string
  signature_count: number
  /** JSON array. */
  transports: string
  device_type: string
  backed_up: number
  name: string
  created_at: number
  last_used_at: number | null
}

/** Accounts at other providers that sign in to an account here. */
export interface SocialAccountTable {
  id: string
  user_id: string
  provider: string
  /** The provider's id of the person; unique with the provider. */
  subject: string
  email: string
  created_at: number
}

/** Browsers and programs that signed in to an account. */
export interface DeviceTable {
  id: string
  user_id: string
  token_hash: string
  user_agent: string
  ip_address: string
  created_at: number
  last_sign_in_at: number
  /** Until then it is not asked for a second factor. */
  trusted_until: number | null
  expires_at: number
}

export interface LoginEventTable {
  id: string
  user_id: string
  method: string
  ip_address: string
  user_agent: string
  success: number
  created_at: number
}

/**
 * Guesses in a row at a secret, or mails with invitations. The subject is an HMAC: it tells neither an address nor
 * whether it has an account.
 */
export interface GuessCounterTable {
  subject: string
  attempts: number
  /** No guess is taken before; of mails, when they are counted anew. */
  blocked_until: number
  updated_at: number
}

/** One row: tells the instance secret that the sealed columns were made with from any other. */
export interface InstanceCheckTable {
  id: string
  check_value: string
}

/** Writes that carried an Idempotency-Key. */
export interface IdempotencyClaimTable {
  user_id: string
  /** SHA-256 of the key. */
  key_hash: string
  id: string
  /** SHA-256 of what was asked for. */
  request_hash: string
  /** `running`, `done` (carried out, the answer not kept yet) or `answered`. */
  state: string
  /** Sealed with a key that takes the Idempotency-Key itself, which is not stored. */
  sealed_answer: string | null
  created_at: number
}
