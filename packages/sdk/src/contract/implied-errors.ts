import type { Access, Endpoint } from './endpoint'
import { ERROR_CATALOGUE, ERROR_CODES, type ErrorCode } from './error-catalogue'
import { wireOf } from './surfaces'

const credentialErrors: readonly ErrorCode[] = [
  'AUTHENTICATION_REQUIRED',
  'NO_TOKEN_PROVIDED',
  'INVALID_OR_EXPIRED_TOKEN',
  'INVALID_API_KEY',
  'USER_NOT_ACTIVE',
]
const scopeErrors: readonly ErrorCode[] = [
  'INSUFFICIENT_PERMISSIONS',
  'NO_SCOPES_AVAILABLE',
  'API_KEY_MISSING_SCOPES',
]

const freshErrors = ({ fresh }: { readonly fresh?: true }): readonly ErrorCode[] =>
  fresh ? ['FRESH_SESSION_REQUIRED'] : []

const accessErrors = (access: Access): readonly ErrorCode[] => {
  switch (access.kind) {
    case 'public':
      return []
    case 'session':
      return [...credentialErrors, 'NO_PERMISSIONS', ...freshErrors(access)]
    case 'account':
      return [...credentialErrors, ...scopeErrors]
    case 'organization':
      return [
        ...credentialErrors,
        ...scopeErrors,
        'FORBIDDEN',
        ...(access.fresh ? (['NO_PERMISSIONS', ...freshErrors(access)] as const) : []),
        ...(access.beforeMfa ? [] : (['MFA_REQUIRED'] as const)),
      ]
    case 'home':
      return [...credentialErrors, ...scopeErrors, 'FORBIDDEN', 'MFA_REQUIRED', 'TENANT_CONTEXT_MISSING']
  }
}

const bodyErrors: readonly ErrorCode[] = [
  'VALIDATION_ERROR',
  'MALFORMED_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
]

const inCatalogueOrder = (codes: Iterable<ErrorCode>): ErrorCode[] => {
  const given = new Set(codes)
  return ERROR_CODES.filter(code => given.has(code))
}

/**
 * The codes that follow from an endpoint's access, input and limits, in the catalogue's order. `HTTPS_REQUIRED` is
 * left out: it is answered on every path and depends on how the server is reached.
 */
export const impliedErrors = (endpoint: Endpoint): ErrorCode[] => {
  const { access, method, rateLimit, params, query, body, opensLink } = endpoint
  const codes: ErrorCode[] = [
    ...accessErrors(access),
    ...wireOf(endpoint).errors,
    'INTERNAL_SERVER_ERROR',
    'SERVICE_UNAVAILABLE',
  ]
  if (method !== 'GET' || opensLink) codes.push('ORIGIN_NOT_ALLOWED')
  if (params || query) codes.push('VALIDATION_ERROR')
  if (body) codes.push(...bodyErrors)
  if (endpoint.idempotency) codes.push('CONFLICT')
  if (rateLimit !== 'exempt') codes.push('RATE_LIMIT_ERROR')
  return inCatalogueOrder(codes)
}

/** Every code that an endpoint can answer: its own and the implied ones, by status. */
export const errorsByStatus = (endpoint: Endpoint): ReadonlyMap<number, readonly ErrorCode[]> => {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of inCatalogueOrder([...endpoint.errors, ...impliedErrors(endpoint)])) {
    const { status } = ERROR_CATALOGUE[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return byStatus
}
