import type { TransportRequest } from '@snoop/sdk'
import { answerSessionRequest, answerUserRequest, refuseIfStale } from './fake-account-routes'
import { type FakeAnswer, listAnswer, ok, refuse, type Values } from './fake-answers'
import { answerAuditRequest } from './fake-audit-routes'
import { answerBillingRequest } from './fake-billing-routes'
import { answerKeyRequest } from './fake-key-routes'
import { previewInvitation } from './fake-member-routes'
import { answerOrganizationRequest } from './fake-organization-routes'
import { answerPublicRequest, readCookie } from './fake-sign-in-routes'
import type { FakeKey, FakeState } from './fake-snoop'
import { TIME } from './fake-user'

/** Who asks: a session, or a key with its scopes. */
export type FakeCaller = { readonly session: string } | { readonly key: FakeKey }

const isLive = (key: FakeKey, now: number): boolean =>
  !key.revoked && (key.expiresAt === null || Date.parse(key.expiresAt) > now)

const identify = (state: FakeState, request: TransportRequest): FakeCaller | FakeAnswer => {
  const cookie = readCookie(request, 'snoop_session')
  if (cookie !== undefined) {
    if (state.sessions.has(cookie)) return { session: cookie }
    return refuse(401, 'INVALID_OR_EXPIRED_TOKEN', 'Invalid or expired session or token')
  }
  const secret = request.headers['x-api-key']
  if (secret === undefined) return refuse(401, 'AUTHENTICATION_REQUIRED', 'Authentication required')
  const key = state.keys.find(candidate => candidate.secret === secret)
  if (key === undefined || !isLive(key, state.now())) {
    return refuse(401, 'INVALID_API_KEY', 'Invalid, expired or revoked API key')
  }
  key.used = true
  return { key }
}

/** What a key lacks, as the server says it. */
export const missingScopes = (caller: FakeCaller, ...needed: readonly string[]): FakeAnswer | undefined => {
  if (!('key' in caller)) return undefined
  const missing = needed.filter(scope => !caller.key.scopes.includes(scope))
  return missing.length === 0
    ? undefined
    : refuse(403, 'API_KEY_MISSING_SCOPES', 'This API key lacks a scope', { required: needed, missing })
}

const answerProjects = (
  state: FakeState,
  caller: FakeCaller,
  request: TransportRequest,
  input: Values,
): FakeAnswer => {
  const { url, method } = request
  const [organizationId = '', , id] = url.pathname.split('/').slice(4)
  const missing = missingScopes(caller, method === 'GET' ? 'projects:read' : 'projects:write')
  if (missing) return missing
  if (!state.organizations.some(organization => organization.id === organizationId)) {
    return refuse(403, 'FORBIDDEN', 'You have no access to this organization')
  }
  const view = (project: FakeState['projects'][number]) => ({
    businessContext: null,
    monitoringIntent: null,
    frequency: null,
    timezone: 'UTC',
    createdByUser: null,
    createdAt: TIME,
    updatedAt: TIME,
    ...project,
  })
  const own = state.projects.filter(project => project.organizationId === organizationId)
  if (id === undefined && method === 'GET') {
    const status = url.searchParams.get('status')
    const shown = own.filter(project => status === null || project.status === status)
    return listAnswer(shown.map(view), url.searchParams)
  }
  if (id === undefined) {
    const { name, slug, status, description, website } = input as Record<string, string>
    const project = {
      id: `01PROJECT${state.newName()}`,
      organizationId,
      name: name ?? '',
      slug: slug ?? String(name).toLowerCase(),
      status: status ?? 'draft',
      description: description ?? null,
      website: website ?? null,
    }
    state.projects.push(project)
    return ok(view(project))
  }
  const found = own.find(project => project.id === id)
  if (found === undefined) return refuse(404, 'NOT_FOUND', 'Not found')
  if (method === 'PUT') Object.assign(found, input)
  if (method === 'DELETE') {
    state.projects.splice(state.projects.indexOf(found), 1)
    return ok({ id, deleted: true })
  }
  return ok(view(found))
}

/** Answers as the server does, for the endpoints that the commands call. */
export const answerRequest = (state: FakeState, request: TransportRequest): FakeAnswer => {
  const { pathname } = request.url
  const input: Values = request.body === undefined ? {} : JSON.parse(request.body)
  const open = answerPublicRequest(state, request, input)
  if (open) return open
  const invited = /^\/api\/user\/invites\/([^/]+)$/.exec(pathname)?.[1]
  if (invited !== undefined) return previewInvitation(state, invited)
  const caller = identify(state, request)
  if ('status' in caller) return caller
  if ('session' in caller) {
    const stale = refuseIfStale(state, caller.session, request)
    const own = stale ?? answerSessionRequest(state, caller.session, request, input)
    if (own) return own
  }
  if (pathname.startsWith('/api/user/me')) {
    const scope = request.method === 'PUT' ? 'user:write' : 'user:read'
    return missingScopes(caller, scope) ?? answerUserRequest(state, request, input)
  }
  const ofOrganization = answerOrganizationRequest(state, caller, request, input)
  if (ofOrganization) return ofOrganization
  if (pathname.startsWith('/api/user/organizations/')) {
    const known =
      answerBillingRequest(state, caller, request, input) ?? answerAuditRequest(state, caller, request)
    if (known) return known
  }
  if (/^\/api\/user\/organizations\/[^/]+\/projects/.test(pathname)) {
    return answerProjects(state, caller, request, input)
  }
  if (pathname.startsWith('/api/auth/api-key/')) return answerKeyRequest(state, caller, request, input)
  return refuse(404, 'NOT_FOUND', 'Not found')
}
