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

/** What the alias of a short link can be, and how whoever chose another one is told. */
export const LINK_ALIAS = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{1,63}$/,
  rule: 'Must be 2 to 64 letters, digits, _ or -, not beginning with _ or -',
} as const

/** Any scope that a key can carry. */
export type KeyScope = Scope | SnipyScope

/** How the keys of a format begin and what they are good for. */
interface KeyFormatFacts {
  /** What they alone begin with; null: the operator says. */
  readonly prefix: string | null
  /** The one that they are made for. */
  readonly surface: Surface
  /** All that they are good on. */
  readonly surfaces: readonly Surface[]
  /** What such a key can be given. */
  readonly scopes: readonly KeyScope[]
  /** What one without scopes may do. */
  readonly unscoped: 'nothing' | 'everything'
  /** What one without a permission map may do to resources; null: it reaches none, and takes no map. */
  readonly unmapped: 'nothing' | 'everything' | null
  /** How many of them live in an account: of `one`, a new key ends the one before it. */
  readonly live: 'one' | 'many'
  /** `home`: in its pin, else the organization that its user has belonged to longest. `anywhere`: in its pin, else in all. */
  readonly actsIn: 'home' | 'anywhere'
}

/** Every format of keys: `ba` is the native one, the others are those of a surface. */
export const KEY_FORMATS = {
  ba: {
    prefix: null,
    surface: 'native',
    surfaces: ['native', 'snipy', 'snaapi'],
    scopes: SCOPES,
    unscoped: 'nothing',
    unmapped: 'nothing',
    live: 'many',
    actsIn: 'anywhere',
  },
  snpy: {
    prefix: 'snpy_',
    surface: 'snipy',
    surfaces: ['snipy'],
    scopes: SNIPY_SCOPES,
    unscoped: 'everything',
    unmapped: null,
    live: 'many',
    actsIn: 'home',
  },
  snt: {
    prefix: 'snt_',
    surface: 'snaptrack',
    surfaces: ['snaptrack'],
    scopes: [],
    unscoped: 'everything',
    unmapped: null,
    live: 'one',
    actsIn: 'home',
  },
  sna: {
    prefix: 'sna_',
    surface: 'snaapi',
    surfaces: ['snaapi'],
    scopes: [],
    unscoped: 'everything',
    unmapped: 'everything',
    live: 'many',
    actsIn: 'home',
  },
} as const satisfies Record<string, KeyFormatFacts>
export type KeyFormat = keyof typeof KEY_FORMATS
export const KEY_FORMAT_NAMES = Object.keys(KEY_FORMATS) as [KeyFormat, ...KeyFormat[]]

/** The formats whose keys are good on a surface. */
export const keyFormatsOf = (surface: Surface): KeyFormat[] =>
  KEY_FORMAT_NAMES.filter(format => (KEY_FORMATS[format].surfaces as readonly Surface[]).includes(surface))

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

/** What an act was done with; `password`: in the request that proved it; `system`: by the server itself or its operator. */
export const AUDIT_CREDENTIALS = ['session', 'api_key', 'access_token', 'password', 'system'] as const
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
