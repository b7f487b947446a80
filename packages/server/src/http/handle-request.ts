import type { PageMeta } from '@snoop/sdk/contract'
import { normalizeEmail } from '../domain/accounts/normalize-email'
import type { DomainContext } from '../domain/domain-context'
import { DomainError } from '../domain/domain-error'
import { enter } from '../domain/principals/enter'
import type { Principal } from '../domain/principals/principal'
import type { RateLimiter } from '../domain/rate-limits/rate-limiter'
import { logRequest } from '../observability/log-request'
import { authenticate } from './authenticate'
import { type AddressTest, readClientConnection } from './client-address'
import { sessionCookieName } from './cookie'
import type { Credential, Dialect, Rendered, Route } from './dialect'
import { Exchange } from './exchange'
import { corsHeaders, preflightHeaders, refuseForeignOrigin, type TrustedOrigin } from './origin-policy'
import { type RateLimitRules, RequestLimits } from './rate-limit'
import { readInput, readParams, type ValidInput } from './read-input'
import { Redirect, type RequestContext } from './request-context'
import type { Router } from './router'
import type { HeaderValue, WireRequest, WireResponse } from './wire'

/** What the walk needs besides the request. */
export interface Walk {
  readonly router: Router<Route>
  /** Says how errors look where no route was found. */
  readonly defaultDialect: Dialect
  readonly domain: DomainContext
  readonly limiter: RateLimiter
  readonly rateLimits: RateLimitRules
  readonly isTrustedProxy: AddressTest
  readonly isTrustedOrigin: TrustedOrigin
}

/** What came out of the steps, before the common headers. */
interface Answer extends Rendered {
  readonly headers?: Record<string, HeaderValue>
}

/** The walk of a request: the steps one after another, one catch (docs/architecture.md). Never rejects. */
export const handleRequest = async (walk: Walk, request: WireRequest): Promise<WireResponse> => {
  const startedAt = performance.now()
  const client = readClientConnection(request, walk.isTrustedProxy)
  const exchange = new Exchange(request, client)
  const limits = new RequestLimits(walk.limiter, walk.domain.keyLimiter, walk.rateLimits, client.address)
  const match = walk.router.find(request.method, exchange.path)
  const route = match.outcome === 'found' ? match.value : undefined
  const log = { userId: undefined as string | undefined, credentialId: undefined as string | undefined }

  const steps = async (): Promise<Answer> => {
    countByAddress(limits, route)
    if (!client.isSecure && !client.isLoopback) throw new DomainError('HTTPS_REQUIRED')
    if (request.method === 'OPTIONS') return answerOptions(walk, exchange)
    if (match.outcome === 'method_not_allowed') {
      const allowedMethods = walk.router.methodsOf(exchange.path)
      throw new DomainError('METHOD_NOT_ALLOWED', { detail: { allowedMethods } })
    }
    if (match.outcome === 'not_found') throw new DomainError('NOT_FOUND')
    const { endpoint, dialect } = match.value
    const { access } = endpoint

    const credential = dialect.readCredential(request.headers, sessionCookieName(client.isSecure))
    if (needsOriginCheck(exchange, credential, access.kind))
      refuseForeignOrigin(request.headers, walk.isTrustedOrigin)
    const principal = access.kind === 'public' ? undefined : await identify(walk, exchange, credential)
    log.userId = principal?.userId
    log.credentialId = principal?.credentialId
    limits.takeKey(principal)
    const params = readParams(endpoint, match.params)
    const tenant = await letIn(walk, principal, match.value, params)
    const input = await readInput(endpoint, request, params, exchange.query)
    countByMailAddress(limits, match.value, input)

    const output = await match.value.handle(input, handlerContext(walk, exchange, principal, tenant))
    return render(match.value, input, output)
  }

  let answer: Answer
  try {
    answer = await steps()
  } catch (thrown) {
    const error = toDomainError(walk, exchange, thrown)
    answer = { ...(route?.dialect ?? walk.defaultDialect).renderError(error), headers: errorHeaders(error) }
  }
  const { method } = request
  const durationMs = performance.now() - startedAt
  const { requestId } = exchange
  logRequest(walk.domain.logger, {
    requestId,
    method,
    route: route?.endpoint.path ?? '(none)',
    status: answer.status,
    durationMs,
    ...log,
  })
  return finish(walk, exchange, limits, answer)
}

const countByAddress = (limits: RequestLimits, route: Route | undefined): void => {
  const group = route?.endpoint.rateLimit
  if (group === 'exempt') limits.showGlobal()
  else limits.takeGlobal()
  if (route && group && group !== 'exempt' && group !== 'global' && group !== 'verificationMail')
    limits.take(group, route.endpoint.path)
}

/** This group is counted by address and e-mail address together, known only once the body is read. */
const countByMailAddress = (limits: RequestLimits, route: Route, { body }: ValidInput): void => {
  if (route.endpoint.rateLimit === 'verificationMail')
    limits.take('verificationMail', normalizeEmail(String(body?.email)))
}

/** Browsers send cookies by themselves; keys and tokens only a program can send. */
const needsOriginCheck = (exchange: Exchange, credential: Credential | undefined, access: string): boolean =>
  !exchange.isSafe && (access === 'public' || credential === undefined || credential.kind === 'session')

const identify = async (
  walk: Walk,
  exchange: Exchange,
  credential: Credential | undefined,
): Promise<Principal> => {
  const { principal, renewedToken } = await authenticate(walk.domain, credential)
  if (renewedToken !== undefined && principal.kind === 'session') {
    exchange.setSession({ token: renewedToken, session: principal.session }, walk.domain.clock())
  }
  return principal
}

const letIn = async (
  walk: Walk,
  principal: Principal | undefined,
  { endpoint }: Route,
  params: Record<string, unknown>,
) => {
  if (!principal || endpoint.access.kind === 'public') return undefined
  const { organizationId } = params
  return enter(
    walk.domain,
    principal,
    endpoint.access,
    typeof organizationId === 'string' ? organizationId : undefined,
  )
}

const handlerContext = (
  walk: Walk,
  exchange: Exchange,
  principal: Principal | undefined,
  tenant: Awaited<ReturnType<typeof enter>>,
): RequestContext => {
  const context = {
    principal,
    tenant,
    device: { ipAddress: exchange.client.address, userAgent: exchange.request.headers['user-agent'] ?? '' },
    idempotencyKey: exchange.idempotencyKey,
    setSession: (opened: Parameters<RequestContext['setSession']>[0]) =>
      exchange.setSession(opened, walk.domain.clock()),
    clearSession: () => exchange.clearSession(),
  }
  // What `access` promises of principal and tenant was established by the steps before.
  return context as RequestContext
}

const render = ({ endpoint, dialect }: Route, { query }: ValidInput, output: unknown): Answer => {
  if (output instanceof Redirect)
    return { status: 302, body: undefined, headers: { Location: output.location } }
  if (!endpoint.paged) return dialect.renderSuccess(endpoint, endpoint.response.parse(output), undefined)
  const { items, total } = output as { items: unknown[]; total: number }
  const { offset, limit } = query as { offset: number; limit: number }
  const meta: PageMeta = { total, offset, limit, hasMore: offset + items.length < total }
  return dialect.renderSuccess(endpoint, endpoint.response.parse(items), meta)
}

const answerOptions = (walk: Walk, exchange: Exchange): Answer => {
  const methods = walk.router.methodsOf(exchange.path)
  if (methods.length === 0) throw new DomainError('NOT_FOUND')
  const allow = { Allow: methods.join(', ') }
  const preflight = preflightHeaders(exchange.request.headers, methods, walk.isTrustedOrigin)
  return { status: 204, body: undefined, headers: { ...allow, ...preflight } }
}

/** Anything that is no refusal of ours is a fault of ours: the log gets the cause, the caller gets none of it. */
const toDomainError = ({ domain }: Walk, { requestId }: Exchange, thrown: unknown): DomainError => {
  if (thrown instanceof DomainError) return thrown
  domain.logger.error({ err: thrown, event: 'request.failed', requestId }, 'a request failed')
  return new DomainError('INTERNAL_SERVER_ERROR', { cause: thrown })
}

const errorHeaders = ({ code, detail }: DomainError): Record<string, HeaderValue> => {
  const { retryAfterSeconds, allowedMethods } = detail
  return {
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    ...(allowedMethods && { Allow: allowedMethods.join(', ') }),
    // What was not read of the body is still on its way: this connection is of no more use.
    ...(code === 'BODY_TOO_LARGE' && { Connection: 'close' }),
  }
}

const finish = (walk: Walk, exchange: Exchange, limits: RequestLimits, answer: Answer): WireResponse => {
  const body = answer.body === undefined ? undefined : JSON.stringify(answer.body)
  const headers = exchange.headers()
  limits.addHeaders(headers)
  const { origin } = exchange.request.headers
  if (origin !== undefined) Object.assign(headers, corsHeaders(origin, walk.isTrustedOrigin))
  if (body !== undefined) headers['Content-Type'] = 'application/json; charset=utf-8'
  if (answer.headers) Object.assign(headers, answer.headers)
  return { status: answer.status, headers, body }
}
