import type { TransportRequest } from '@snoop/sdk'
import { answerKeyRequest } from './fake-key-routes'
import type { FakeKey, FakeState } from './fake-snoop'

export interface FakeAnswer {
  readonly status: number
  readonly body: unknown
  readonly setCookie?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/** Who asks: a session, or a key with its scopes. */
export type FakeCaller = { readonly session: string } | { readonly key: FakeKey }

type Values = Readonly<Record<string, unknown>>

export const ok = (data: unknown, meta?: Values): FakeAnswer => ({
  status: 200,
  body: { success: true, status: 200, code: 'OK', message: 'OK', data, ...(meta && { meta }) },
})

export const refuse = (status: number, code: string, message: string, meta?: Values): FakeAnswer => ({
  status,
  body: { success: false, status, code, message, ...(meta && { meta }) },
})

export const listAnswer = (items: readonly unknown[], query: URLSearchParams): FakeAnswer => {
  const offset = Number(query.get('offset') ?? 0)
  const limit = Number(query.get('limit') ?? 20)
  const page = items.slice(offset, offset + limit)
  return ok(page, { total: items.length, offset, limit, hasMore: offset + limit < items.length })
}

const TIME = '2026-01-01T00:00:00.000Z'
const WEEK_MS = 7 * 24 * 3600 * 1000

const userOf = ({ user }: FakeState) => ({
  id: user.id,
  email: user.email,
  fullName: user.fullName,
  handle: 'ada',
  isVerified: user.isVerified,
  verifiedAt: null,
  isActive: true,
  lastLoginAt: null,
  role: 'user',
  organizationCount: 1,
  emailPreferences: { marketingOptOut: false },
  twoFactorEnabled: false,
  createdAt: TIME,
  updatedAt: TIME,
})

const isLive = (key: FakeKey, now: number): boolean =>
  !key.revoked && (key.expiresAt === null || Date.parse(key.expiresAt) > now)

const identify = (state: FakeState, { headers }: TransportRequest): FakeCaller | FakeAnswer => {
  const cookie = /snoop_session=([^;]+)/.exec(headers.cookie ?? '')?.[1]
  if (cookie !== undefined) {
    if (state.sessions.has(cookie)) return { session: cookie }
    return refuse(401, 'INVALID_OR_EXPIRED_TOKEN', 'Invalid or expired session or token')
  }
  const secret = headers['x-api-key']
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

const signIn = (state: FakeState, { email, password }: Values): FakeAnswer => {
  if (email !== state.user.email || password !== state.user.password) {
    return refuse(401, 'INVALID_CREDENTIALS', 'Invalid e-mail address or password')
  }
  if (!state.user.isVerified) {
    return refuse(403, 'EMAIL_NOT_VERIFIED', 'The e-mail address is not verified')
  }
  const session = `session-secret-${state.newName()}`
  state.sessions.add(session)
  const expires = new Date(state.now() + WEEK_MS)
  const cookie = `snoop_session=${session}; Path=/; HttpOnly; SameSite=Lax; Expires=${expires.toUTCString()}`
  return {
    ...ok({ user: userOf(state), session: { id: '01SESSION', expiresAt: expires.toISOString() } }),
    setCookie: [cookie],
  }
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
  const { pathname, searchParams } = request.url
  const input: Values = request.body === undefined ? {} : JSON.parse(request.body)
  if (pathname === '/api/auth/sign-in/email') return signIn(state, input)
  if (pathname === '/api/auth/sign-up/email') {
    return ok({ user: { email: input.email, fullName: input.name }, verificationEmailSent: true })
  }
  if (pathname === '/health') return ok({ status: 'alive' })
  const caller = identify(state, request)
  if ('status' in caller) return caller
  if (pathname === '/api/auth/sign-out') {
    if ('session' in caller) state.sessions.delete(caller.session)
    return ok({ signedOut: true })
  }
  if (pathname === '/api/user/me') return missingScopes(caller, 'user:read') ?? ok(userOf(state))
  if (pathname === '/api/user/organizations') {
    const items = state.organizations.map(organization => ({
      ...organization,
      role: 'owner',
      memberCount: 1,
      createdAt: TIME,
      updatedAt: TIME,
    }))
    return missingScopes(caller, 'user:read') ?? listAnswer(items, searchParams)
  }
  if (/^\/api\/user\/organizations\/[^/]+\/projects/.test(pathname)) {
    return answerProjects(state, caller, request, input)
  }
  if (pathname.startsWith('/api/auth/api-key/')) return answerKeyRequest(state, caller, request, input)
  return refuse(404, 'NOT_FOUND', 'Not found')
}
