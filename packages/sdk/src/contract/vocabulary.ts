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

/** The wire shapes that the server speaks. Only `native` cannot be switched off. */
export const SURFACES = ['native', 'snipy', 'snaptrack', 'snaapi'] as const
export type Surface = (typeof SURFACES)[number]

/** What a key of the format `snpy` can be narrowed to. Without any it may do all of the surface. */
export const SNIPY_SCOPES = ['qr:read', 'qr:write', 'url:read', 'url:write'] as const
export type SnipyScope = (typeof SNIPY_SCOPES)[number]

/** Any scope that a key can carry. */
export type KeyScope = Scope | SnipyScope

/**
 * How a key looks and what it is good for: `ba` for the native API, the others for the surface that they are named after.
 * `scopes`: what such a key can be given. `unscoped`: what one without scopes may do there.
 */
export const KEY_FORMATS = {
  ba: { surface: 'native', scopes: SCOPES, unscoped: 'nothing' },
  snpy: { surface: 'snipy', scopes: SNIPY_SCOPES, unscoped: 'everything' },
  snt: { surface: 'snaptrack', scopes: [], unscoped: 'everything' },
  sna: { surface: 'snaapi', scopes: [], unscoped: 'everything' },
} as const satisfies Record<
  string,
  {
    readonly surface: Surface
    readonly scopes: readonly KeyScope[]
    readonly unscoped: 'nothing' | 'everything'
  }
>
export type KeyFormat = keyof typeof KEY_FORMATS
/** Beginnings that only keys of one format may have; those of the native format are configured. */
export const SURFACE_KEY_PREFIXES = { snpy: 'snpy_', snt: 'snt_', sna: 'sna_' } as const satisfies Record<
  Exclude<KeyFormat, 'ba'>,
  string
>
export const KEY_FORMAT_NAMES = Object.keys(KEY_FORMATS) as [KeyFormat, ...KeyFormat[]]

/** What can be done to the rows of a resource. */
export const RESOURCE_ACTIONS = ['create', 'read', 'update', 'delete'] as const
export type ResourceAction = (typeof RESOURCE_ACTIONS)[number]

/** What fields of a resource can hold. */
export const FIELD_TYPES = [
  'string',
  'number',
  'boolean',
  'json',
  'datetime',
  'uuid',
  'text',
  'enum',
] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** Comparisons of filters and of the conditions in rules. */
export const FILTER_OPERATORS = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'nin',
  'is_null',
  'is_not_null',
  'like',
  'ilike',
] as const
export type FilterOperator = (typeof FILTER_OPERATORS)[number]

/** What a condition of a rule can compare with, of the caller at the time of the request. */
export const CLAIMS = ['id', 'email', 'role', 'organizationId'] as const
export type Claim = (typeof CLAIMS)[number]

/** Fields that every row has, and that no permission takes away. */
export const ROW_FIELDS = ['id', 'created_at', 'updated_at'] as const

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
  'organization:manage-resources',
] as const
export type TenantPermission = (typeof TENANT_PERMISSIONS)[number]

/** The role matrix of the native contract, section 4. */
export const ROLE_PERMISSIONS: Readonly<Record<OrganizationRole, readonly TenantPermission[]>> = {
  owner: TENANT_PERMISSIONS,
  admin: [
    'organization:read',
    'organization:manage-members',
    'organization:manage-billing',
    'organization:manage-resources',
  ],
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
  'snipy',
  'snipyToken',
  'snipyUrlCreate',
  'snipyQrDownload',
  'snaapiToken',
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
export const AUDIT_CREDENTIALS = ['session', 'api_key', 'access_token', 'system'] as const
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
  'token_family.reuse_detected',
  'token_family.revoked',
  'link.created',
  'link.updated',
  'link.deleted',
  'qr_code.created',
  'qr_code.updated',
  'qr_code.deleted',
  'website.created',
  'website.updated',
  'website.deleted',
  'screenshot.requested',
  'resource.created',
  'resource.updated',
  'resource.deleted',
  'row.created',
  'row.updated',
  'row.deleted',
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
  'token_family',
  'link',
  'qr_code',
  'website',
  'screenshot',
  'resource',
  'row',
  'audit_log',
  'endpoint',
] as const
export type AuditResource = (typeof AUDIT_RESOURCES)[number]
