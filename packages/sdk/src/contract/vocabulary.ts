/** The closed lists of words that every part of Snoop shares. Source: the native contract, sections 1, 2 and 4. */

/** What a token may be granted. No scope implies another. */
export const SCOPES = [
  'user:read',
  'user:write',
  'projects:read',
  'projects:write',
  'subscription:read',
  'subscription:write',
  'api-keys:read',
  'api-keys:write',
  'api-keys:delete',
] as const
export type Scope = (typeof SCOPES)[number]

/** Ways to prove who one is, as the login history names them. */
export const SIGN_IN_METHODS = ['password', 'magic-link', 'passkey', 'social'] as const
export type SignInMethod = (typeof SIGN_IN_METHODS)[number]

/** Second factors that an account can be asked for. */
export const SECOND_FACTORS = ['totp', 'email', 'backup-code'] as const
export type SecondFactor = (typeof SECOND_FACTORS)[number]

/** Roles of a member in an organization, from the widest to the narrowest. */
export const ORGANIZATION_ROLES = ['owner', 'admin', 'member'] as const
export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number]

/** What a role allows in its organization. No token can ask for these: they come from the role at request time. */
export const TENANT_PERMISSIONS = [
  'organization:read',
  'organization:manage-members',
  'organization:manage-billing',
  'organization:manage-security',
] as const
export type TenantPermission = (typeof TENANT_PERMISSIONS)[number]

/** The role matrix of the native contract, section 4. */
export const ROLE_PERMISSIONS: Readonly<Record<OrganizationRole, readonly TenantPermission[]>> = {
  owner: TENANT_PERMISSIONS,
  admin: ['organization:read', 'organization:manage-members', 'organization:manage-billing'],
  member: ['organization:read'],
}

/** Prefixes of ids and secrets that a person may meet. */
export const ID_PREFIX = { apiKey: 'ak_', requestId: 'req_' } as const

/** The named windows of the native contract, section 3. */
export const RATE_LIMIT_GROUPS = [
  'global',
  'signIn',
  'signUp',
  'twoFactor',
  'passkey',
  'magicLink',
  'verificationMail',
  'passwordReset',
] as const
export type RateLimitGroup = (typeof RATE_LIMIT_GROUPS)[number]

/** Names of the credentials that a request can carry, in order of precedence: the first one sent is the one used. */
export const SESSION_COOKIE = 'snoop_session'
export const SECURE_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`
/** Tells a browser or program that signed in before; over HTTPS its name begins with `__Host-` too. */
export const DEVICE_COOKIE = 'snoop_device'
export const API_KEY_HEADER = 'X-Api-Key'
/** Sent by clients on a write that they may send again: a repeated write answers as the first did. */
export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key'

/** How an act ended that the audit log tells of. */
export const AUDIT_OUTCOMES = ['success', 'refused'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/** What an act was done with; `system`: by the server itself or its operator. */
export const AUDIT_CREDENTIALS = ['session', 'api_key', 'system'] as const
export type AuditCredential = (typeof AUDIT_CREDENTIALS)[number]

/** What the audit log of an organization tells of. */
export const AUDIT_ACTIONS = [
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'organization.transferred',
  'member.left',
  'member.removed',
  'member.role_changed',
  'member.two_factor_enabled',
  'member.two_factor_disabled',
  'invitation.sent',
  'invitation.resent',
  'invitation.cancelled',
  'invitation.accepted',
  'mfa_policy.updated',
  'billing_settings.updated',
  'checkout.started',
  'subscription.started',
  'subscription.updated',
  'subscription.ended',
  'credits.purchased',
  'project.created',
  'project.updated',
  'project.deleted',
  'api_key.created',
  'api_key.updated',
  'api_key.revoked',
  'api_key.rotated',
  'api_key.rotated_out_used',
  'audit_log.exported',
  'access.refused',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** What an audited act was done to. */
export const AUDIT_RESOURCES = [
  'organization',
  'member',
  'invitation',
  'mfa_policy',
  'billing_settings',
  'checkout',
  'subscription',
  'credits',
  'project',
  'api_key',
  'audit_log',
  'endpoint',
] as const
export type AuditResource = (typeof AUDIT_RESOURCES)[number]
