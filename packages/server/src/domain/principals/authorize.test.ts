import {
  type KeyFormat,
  type KeyScope,
  ORGANIZATION_ROLES,
  type OrganizationRole,
  SCOPES,
  type Scope,
  SNIPY_SCOPES,
  TENANT_PERMISSIONS,
} from '@snoop/sdk/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SessionRow } from '../records'
import { authorize, authorizeCredential, type TenantClaim } from './authorize'
import type { AccessTokenPrincipal, ApiKeyPrincipal, Principal, SessionPrincipal } from './principal'

const base = { userId: 'user', credentialId: 'credential' }
const session: SessionPrincipal = {
  ...base,
  kind: 'session',
  scopes: SCOPES,
  pinnedOrganizationId: null,
  session: {} as SessionRow,
  isFresh: true,
  isRenewed: false,
}
const key = (scopes: readonly Scope[], pinnedOrganizationId: string | null = null): ApiKeyPrincipal => ({
  ...base,
  kind: 'apiKey',
  format: 'ba',
  permissions: null,
  scopes,
  pinnedOrganizationId,
  rateLimit: null,
  limiterSubject: base.credentialId,
  expiresAt: null,
})
const formatKey = (format: KeyFormat, scopes: readonly KeyScope[]): ApiKeyPrincipal => ({
  ...key([]),
  format,
  scopes,
})
const token: AccessTokenPrincipal = {
  ...base,
  kind: 'accessToken',
  format: 'snpy',
  scopes: SNIPY_SCOPES,
  pinnedOrganizationId: null,
}
const inOrg = (role: OrganizationRole | undefined, organizationId = 'org'): TenantClaim => ({
  organizationId,
  role,
})

/** The role matrix as the contract's text has it, written down a second time. */
const ROLES_THAT_MAY = {
  'organization:read': ['owner', 'admin', 'member'],
  'organization:manage-members': ['owner', 'admin'],
  'organization:manage-billing': ['owner', 'admin'],
  'organization:manage-resources': ['owner', 'admin'],
  'organization:manage-security': ['owner'],
} as const satisfies Record<string, readonly OrganizationRole[]>

const scopeSets = fc.subarray([...SCOPES])
const roles = fc.constantFrom(...ORGANIZATION_ROLES, undefined)
const permissions = fc.constantFrom(...TENANT_PERMISSIONS)

describe('a route that needs a fresh session', () => {
  const fresh = { kind: 'session', fresh: true } as const

  it('lets in who proved it lately, and tells others to prove it again', () => {
    expect(authorize(session, fresh, undefined)).toBeUndefined()
    const stale = { ...session, isFresh: false }
    expect(authorize(stale, fresh, undefined)?.code).toBe('FRESH_SESSION_REQUIRED')
    expect(authorize(stale, { kind: 'session' }, undefined)).toBeUndefined()
    expect(authorize(key(SCOPES), fresh, undefined)?.code).toBe('NO_PERMISSIONS')
  })
})

describe('a route of an organization that needs a fresh session', () => {
  const access = {
    kind: 'organization',
    scopes: ['user:write'],
    permission: 'organization:manage-security',
    fresh: true,
  } as const
  const stale = { ...session, isFresh: false }

  it.each<[string, Principal, TenantClaim | undefined, string | undefined]>([
    ['a fresh session of an owner', session, inOrg('owner'), undefined],
    ['a stale session of an owner', stale, inOrg('owner'), 'FRESH_SESSION_REQUIRED'],
    ['a fresh session of an admin', session, inOrg('admin'), 'INSUFFICIENT_PERMISSIONS'],
    ['a stale session of an admin', stale, inOrg('admin'), 'INSUFFICIENT_PERMISSIONS'],
    ['a stale session of a stranger', stale, inOrg(undefined), 'FORBIDDEN'],
    ['a fresh session without organization', session, undefined, 'TENANT_CONTEXT_MISSING'],
    ['a key of an owner with every scope', key(SCOPES), inOrg('owner'), 'NO_PERMISSIONS'],
    ['a key pinned here', key(SCOPES, 'org'), inOrg('owner'), 'NO_PERMISSIONS'],
    ['a key without scopes', key([]), inOrg('owner'), 'NO_PERMISSIONS'],
    ['a key of a stranger', key(SCOPES), inOrg(undefined), 'NO_PERMISSIONS'],
  ])('answers %s', (_who, principal, tenant, code) => {
    expect(authorize(principal, access, tenant)?.code).toBe(code)
  })

  it('keeps keys out before anything is looked up, whatever else they may', () => {
    fc.assert(
      fc.property(scopeSets, scopeSets, permissions, roles, (held, scopes, permission, role) => {
        const wanted = { kind: 'organization', scopes, permission, fresh: true } as const
        expect(authorizeCredential(key(held), wanted, 'org')?.code).toBe('NO_PERMISSIONS')
        expect(authorize(key(held), wanted, inOrg(role))?.code).toBe('NO_PERMISSIONS')
      }),
    )
  })
})

describe('authorize', () => {
  it('lets a key do what its scopes, its pin and the role of its owner all allow, and nothing else', () => {
    const pins = fc.constantFrom(null, 'org', 'elsewhere')
    fc.assert(
      fc.property(scopeSets, scopeSets, pins, roles, permissions, (held, scopes, pin, role, permission) => {
        const may = authorize(key(held, pin), { kind: 'organization', scopes, permission }, inOrg(role))
        const allowedRoles: readonly OrganizationRole[] = ROLES_THAT_MAY[permission]
        const expected =
          scopes.every(scope => held.includes(scope)) &&
          pin !== 'elsewhere' &&
          role !== undefined &&
          allowedRoles.includes(role)
        expect(may === undefined).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  it('names exactly the scopes that are missing', () => {
    fc.assert(
      fc.property(scopeSets, scopeSets, (held, scopes) => {
        const refusal = authorize(key(held), { kind: 'account', scopes }, undefined)
        const missing = scopes.filter(scope => !held.includes(scope))
        const code = held.length === 0 ? 'NO_SCOPES_AVAILABLE' : 'API_KEY_MISSING_SCOPES'
        expect(refusal?.code).toBe(missing.length === 0 ? undefined : code)
        expect(refusal?.detail).toEqual(missing.length === 0 ? undefined : { required: scopes, missing })
      }),
    )
  })

  it.each<[string, Principal, TenantClaim | undefined, string | undefined]>([
    ['a session of an owner', session, inOrg('owner'), undefined],
    ['a session of an admin', session, inOrg('admin'), 'INSUFFICIENT_PERMISSIONS'],
    ['a session of a stranger', session, inOrg(undefined), 'FORBIDDEN'],
    ['a session without organization', session, undefined, 'TENANT_CONTEXT_MISSING'],
    ['a key with scope of an owner', key(['user:write']), inOrg('owner'), undefined],
    ['a key with scope of a member', key(['user:write']), inOrg('member'), 'INSUFFICIENT_PERMISSIONS'],
    ['a key with another scope', key(['user:read']), inOrg('owner'), 'API_KEY_MISSING_SCOPES'],
    ['a key without scopes', key([]), inOrg('owner'), 'NO_SCOPES_AVAILABLE'],
    ['a key pinned here', key(['user:write'], 'org'), inOrg('owner'), undefined],
    ['a key pinned elsewhere', key(['user:write'], 'elsewhere'), inOrg('owner'), 'FORBIDDEN'],
    [
      'a key that lacks scope and pin',
      key(['user:read'], 'elsewhere'),
      inOrg('owner'),
      'API_KEY_MISSING_SCOPES',
    ],
  ])('answers %s on a route for owners', (_who, principal, tenant, code) => {
    const access = {
      kind: 'organization',
      scopes: ['user:write'],
      permission: 'organization:manage-security',
    } as const
    expect(authorize(principal, access, tenant)?.code).toBe(code)
  })

  it('lets every session and no key in where only a session will do', () => {
    expect(authorize(session, { kind: 'session' }, undefined)).toBeUndefined()
    expect(authorize(key(SCOPES), { kind: 'session' }, undefined)?.code).toBe('NO_PERMISSIONS')
  })

  it('says the same of an organization that is not there as of one of strangers', () => {
    const access = { kind: 'organization', scopes: [], permission: 'organization:read' } as const
    expect(authorize(session, access, inOrg(undefined, 'theirs'))).toEqual(
      authorize(session, access, inOrg(undefined, 'nobodys')),
    )
  })

  it('decides by the credential alone no more than with the role', () => {
    fc.assert(
      fc.property(scopeSets, scopeSets, permissions, (held, scopes, permission) => {
        const access = { kind: 'organization', scopes, permission } as const
        const early = authorizeCredential(key(held), access, 'org')
        if (early) expect(authorize(key(held), access, inOrg('owner'))).toEqual(early)
      }),
    )
  })
})

describe('a route at home', () => {
  const snipyScopeSets = fc.subarray([...SNIPY_SCOPES])
  const links = {
    kind: 'home',
    scopes: ['projects:write'],
    scopesOf: { snpy: ['url:write'] },
    permission: 'organization:read',
  } as const
  const rows = { kind: 'home', scopes: [], permission: 'organization:manage-resources' } as const
  const codeOf = (principal: Principal, access: typeof links | typeof rows, tenant = inOrg('owner')) =>
    authorize(principal, access, tenant)?.code

  it.each<[string, Principal, string | undefined]>([
    ['a session', session, undefined],
    ['an access token', token, undefined],
    ['a native key with the scope', key(['projects:write']), undefined],
    ['a native key pinned to it', key(['projects:write'], 'org'), undefined],
    ['a native key with another scope', key(['projects:read']), 'API_KEY_MISSING_SCOPES'],
    ['a native key without scopes', key([]), 'NO_SCOPES_AVAILABLE'],
    ['a native key with the word of the surface', formatKey('ba', ['url:write']), 'API_KEY_MISSING_SCOPES'],
    ['a key of the surface with the scope', formatKey('snpy', ['url:write', 'qr:read']), undefined],
    ['a key of the surface without scopes', formatKey('snpy', []), undefined],
    ['a key of the surface for reading', formatKey('snpy', ['url:read']), 'API_KEY_MISSING_SCOPES'],
    ['a key of the surface for something else', formatKey('snpy', ['qr:write']), 'API_KEY_MISSING_SCOPES'],
    [
      'a key of the surface with a native word',
      formatKey('snpy', ['projects:write']),
      'API_KEY_MISSING_SCOPES',
    ],
    ['an access token of less', { ...token, scopes: ['url:read'] }, 'INSUFFICIENT_PERMISSIONS'],
    ['an access token of nothing', { ...token, scopes: [] }, 'NO_SCOPES_AVAILABLE'],
  ])('answers %s', (_who, principal, code) => {
    expect(codeOf(principal, links)).toBe(code)
  })

  it('wants of a native key its scopes alone, and of a key of the surface those of the surface alone', () => {
    fc.assert(
      fc.property(
        scopeSets,
        snipyScopeSets,
        scopeSets,
        snipyScopeSets,
        (scopes, snipyScopes, native, own) => {
          const scopesOf = { snpy: snipyScopes }
          const access = { kind: 'home', scopes, scopesOf, permission: 'organization:read' } as const
          const isNativeIn = authorize(key(native), access, inOrg('member')) === undefined
          expect(isNativeIn).toBe(scopes.every(scope => native.includes(scope)))
          const isOwnIn = authorize(formatKey('snpy', own), access, inOrg('member')) === undefined
          expect(isOwnIn).toBe(own.length === 0 || snipyScopes.every(scope => own.includes(scope)))
          const isTokenIn = authorize({ ...token, scopes: own }, access, inOrg('member')) === undefined
          expect(isTokenIn).toBe(snipyScopes.every(scope => own.includes(scope)))
        },
      ),
    )
  })

  it('names the scopes that a key lacks in the words of its format', () => {
    const missing = authorize(formatKey('snpy', ['qr:read']), links, inOrg('owner'))
    expect(missing?.detail).toEqual({ required: ['url:write'], missing: ['url:write'] })
    expect(authorize(key(['user:read']), links, inOrg('owner'))?.detail).toEqual({
      required: ['projects:write'],
      missing: ['projects:write'],
    })
  })

  it('wants the role, whatever the credential', () => {
    for (const principal of [session, token, key(SCOPES), formatKey('sna', []), formatKey('snt', [])]) {
      expect(codeOf(principal, rows)).toBeUndefined()
      expect(codeOf(principal, rows, inOrg('member'))).toBe('INSUFFICIENT_PERMISSIONS')
      expect(codeOf(principal, rows, inOrg(undefined))).toBe('FORBIDDEN')
      expect(authorize(principal, rows, undefined)?.code).toBe('TENANT_CONTEXT_MISSING')
    }
  })

  it('lets neither keys nor tokens in where only a session will do', () => {
    for (const principal of [token, formatKey('snpy', []), formatKey('snt', []), formatKey('sna', [])])
      expect(authorize(principal, { kind: 'session' }, undefined)?.code).toBe('NO_PERMISSIONS')
  })
})
