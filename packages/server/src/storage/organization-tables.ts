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
