import type { PreparedQuery, StorageEngine } from './engine'
import type { ApiKeyTable, LinkTable, SessionTable, TokenFamilyTable, UserTable } from './schema'

/** What a request with a key needs to know of it. */
export type ApiKeyCredentialRow = Pick<
  ApiKeyTable,
  | 'id'
  | 'user_id'
  | 'organization_id'
  | 'format'
  | 'scopes'
  | 'permissions'
  | 'enabled'
  | 'expires_at'
  | 'revoked_at'
  | 'rotated_to'
  | 'rotation_request_hash'
  | 'rate_limit_enabled'
  | 'rate_limit_max'
  | 'rate_limit_window_ms'
  | 'refill_interval_ms'
  | 'refill_amount'
> & { is_active: number }

export type SessionCredentialRow = SessionTable & { is_active: number }

/** The sign-in that an access token came of. */
export type AccessTokenRow = Pick<TokenFamilyTable, 'user_id' | 'expires_at' | 'ended_at'> & {
  family_id: string
  is_active: number
}

/** What decides whether a member may use an organization's routes. */
export interface MembershipRightsRow {
  role: string
  /** When the user became a member. */
  created_at: number
  mfa_required_at: number | null
  mfa_grace_days: number
  two_factor_enabled: number
}

/** What decides where a short link leads, if anywhere. */
export type ShortLinkTargetRow = Pick<
  LinkTable,
  'organization_id' | 'number' | 'long_url' | 'utm' | 'password_hash' | 'expires_at' | 'max_clicks' | 'clicks'
>

/** A user as the account routes show it. */
export type UserProfileRow = Omit<UserTable, 'password_hash'> & { organization_count: number }

/**
 * Statements that nearly every request runs: compiled once, and on SQLite never behind a writer. They name their columns:
 * PostgreSQL refuses a prepared `*` once a migration of another process has added a column.
 */
export interface HotQueries {
  readonly findApiKey: PreparedQuery<ApiKeyCredentialRow>
  readonly findSession: PreparedQuery<SessionCredentialRow>
  /** Parameter: the id of the refresh token that came with it. */
  readonly findAccessToken: PreparedQuery<AccessTokenRow>
  readonly findUserProfile: PreparedQuery<UserProfileRow>
  /** The organization that a user has belonged to longest. */
  readonly findHomeOrganization: PreparedQuery<{ organization_id: string }>
  /** Parameters: organization id, user id. */
  readonly findMembership: PreparedQuery<MembershipRightsRow>
  /** By its alias. */
  readonly findShortLink: PreparedQuery<ShortLinkTargetRow>
}

export const prepareHotQueries = (engine: StorageEngine): HotQueries => ({
  findApiKey: engine.prepare(
    `select k.id, k.user_id, k.organization_id, k.format, k.scopes, k.permissions, k.enabled, k.expires_at, k.revoked_at,
       k.rotated_to, k.rotation_request_hash, k.rate_limit_enabled, k.rate_limit_max, k.rate_limit_window_ms,
       k.refill_interval_ms, k.refill_amount, u.is_active
     from api_keys k join users u on u.id = k.user_id where k.key_hash = ?`,
  ),
  findSession: engine.prepare(
    `select s.id, s.user_id, s.token_hash, s.ip_address, s.user_agent, s.created_at, s.authenticated_at, s.renewed_at,
       s.last_seen_at, s.expires_at, s.remember, u.is_active
     from sessions s join users u on u.id = s.user_id where s.token_hash = ?`,
  ),
  findAccessToken: engine.prepare(
    `select f.id as family_id, f.user_id, f.expires_at, f.ended_at, u.is_active
     from refresh_tokens r join token_families f on f.id = r.family_id join users u on u.id = f.user_id where r.id = ?`,
  ),
  findUserProfile: engine.prepare(
    `select u.id, u.email, u.email_verified_at, u.full_name, u.handle, u.role, u.is_active, u.marketing_opt_out,
       u.two_factor_enabled, u.last_login_at, u.created_at, u.updated_at, (select count(*) from memberships m where m.user_id = u.id) as organization_count
     from users u where u.id = ?`,
  ),
  findHomeOrganization: engine.prepare(
    'select organization_id from memberships where user_id = ? order by created_at, id limit 1',
  ),
  findMembership: engine.prepare(
    `select m.role, m.created_at, o.mfa_required_at, o.mfa_grace_days, u.two_factor_enabled
     from memberships m join organizations o on o.id = m.organization_id join users u on u.id = m.user_id
     where m.organization_id = ? and m.user_id = ?`,
  ),
  findShortLink: engine.prepare(
    `select organization_id, number, long_url, utm, password_hash, expires_at, max_clicks, clicks from links
     where alias = ?`,
  ),
})
