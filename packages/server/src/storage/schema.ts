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

export interface OrganizationTable {
  id: string
  name: string
  /** Unique. */
  slug: string
  /** When two-factor authentication became required of the members; null: it is not. */
  mfa_required_at: number | null
  mfa_grace_days: number
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

/** Guesses in a row at a secret. The subject is an HMAC: it tells neither an address nor whether it has an account. */
export interface GuessCounterTable {
  subject: string
  attempts: number
  /** No guess is taken before. */
  blocked_until: number
  updated_at: number
}

/** One row: tells the instance secret that the sealed columns were made with from any other. */
export interface InstanceCheckTable {
  id: string
  check_value: string
}

/** Tenant table. A row is an invitation that is pending, or has expired; one that was accepted or cancelled is gone. */
export interface InvitationTable {
  organization_id: string
  /** Becomes the membership's id. */
  id: string
  /** Normalised; unique in the organization. */
  email: string
  role: string
  invited_by_user_id: string | null
  token_hash: string
  created_at: number
  /** When its newest mail was put in. */
  sent_at: number
  expires_at: number
}

/** Tenant table, append-only. Outlives the organization. */
export interface AuditEventTable {
  organization_id: string
  sequence: number
  id: string
  created_at: number
  action: string
  outcome: string
  /** Who did it; also after the account is gone. */
  actor_id: string | null
  credential_type: string
  credential_id: string | null
  resource_type: string
  resource_id: string | null
  ip_address: string | null
  user_agent: string | null
  request_id: string | null
  /** JSON object. */
  details: string
  previous_hash: string
  hash: string
  signature: string
}

/** Tenant table. The end of each organization's audit log, and where retention cut its beginning off. */
export interface AuditChainTable {
  organization_id: string
  last_sequence: number
  last_hash: string
  checkpoint_sequence: number | null
  checkpoint_hash: string | null
  checkpoint_at: number | null
  checkpoint_signature: string | null
}

/** Tenant table. What an organization pays for; without a row it never paid. */
export interface SubscriptionTable {
  organization_id: string
  provider: string
  /** The provider's ids. */
  customer_id: string | null
  subscription_id: string | null
  tier_id: string
  billing_interval: string
  seat_count: number
  slot_packs: number
  status: string
  current_period_start: number
  current_period_end: number
  cancel_at_period_end: number
  /** The sandbox's: what becomes of its payments. */
  sandbox_card: string | null
  /** Counts the times that the provider was asked, so that a late answer does not undo a newer one. */
  sync_generation: number
  created_at: number
  updated_at: number
}

/** Tenant table. Payments that were begun. */
export interface CheckoutTable {
  organization_id: string
  /** The provider's id; unique. */
  id: string
  provider: string
  /** `subscription` or `credits`. */
  kind: string
  tier_id: string | null
  billing_interval: string | null
  seat_count: number | null
  slot_packs: number | null
  credits: number | null
  success_url: string
  cancel_url: string
  status: string
  created_at: number
  expires_at: number
  completed_at: number | null
}

/** Tenant table. The balance is the sum of the amounts. */
export interface CreditEntryTable {
  organization_id: string
  id: string
  amount: number
  /** What it came from, such as a checkout; each counts once. */
  reference: string
  created_at: number
}

/** Tenant table. What invoices are made out to. */
export interface BillingSettingsTable {
  organization_id: string
  email: string | null
  company_name: string | null
  tax_id: string | null
  address_line1: string | null
  address_line2: string | null
  postal_code: string | null
  city: string | null
  country: string | null
  updated_at: number
}

/** Events of the payment provider that were taken into account: each counts once. */
export interface PaymentEventTable {
  id: string
  type: string
  created_at: number
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
