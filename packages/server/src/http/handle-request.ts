import { ERROR_CATALOGUE } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain/domain-context'
import { DomainError } from '../domain/domain-error'
import type { IdempotencyClaim } from '../domain/idempotency/idempotency-claim'
import { enter, type Membership } from '../domain/principals/enter'
import type { Principal } from '../domain/principals/principal'
import type { RateLimitVerdict } from '../domain/rate-limits/decide-rate-limit'
import type { RateLimiter } from '../domain/rate-limits/rate-limiter'
import { logRequest } from '../observability/log-request'
import { answerOnce } from './answer-once'
import { authenticate } from './authenticate'
import { type AddressTest, readClientConnection } from './client-address'
import { sessionCookieName } from './cookie'
import { countByAddress, countByMailAddress, countKey, countOnSurface, countRefusal } from './count-request'
import type { Credential, Dialect, Route } from './dialect'
import { domainErrorOf, errorHeaders } from './domain-error-of'
import { Exchange } from './exchange'
import { HandlerRequest } from './handler-request'
import { corsHeaders, preflightHeaders, refuseForeignOrigin, type TrustedOrigin } from './origin-policy'
import { prefersHtml } from './prefers-html'
import { type RateLimitRules, RequestLimits, rateLimitHeaders } from './rate-limit'
import { readInput, readParams, type ValidInput } from './read-input'
import { recordRefusal } from './record-refusal'
import { type Answer, renderAnswer, toAnswer } from './render-answer'
import type { RequestContext } from './request-context'
import type { Router } from './router'
import { type StreamEnd, streamedBody } from './streamed-body'
import type { WireRequest, WireResponse } from './wire'

/** What the walk needs besides the request. */
export interface Walk {
  readonly router: Router<Route>
  /** Says how errors look where no route was found. */
  readonly defaultDialect: Dialect
  /** Answers people who open a link from a mail in a browser. */
  readonly pages: Dialect
  readonly domain: DomainContext
  readonly limiter: RateLimiter
  readonly rateLimits: RateLimitRules
  readonly isTrustedProxy: AddressTest
  readonly isTrustedOrigin: TrustedOrigin
}

/** The walk of a request: the steps one after another, one catch (docs/architecture.md). Never rejects. */
export const handleRequest = async (walk: Walk, request: WireRequest): Promise<WireResponse> => {
  const startedAt = performance.now()
  const client = readClientConnection(request, walk.isTrustedProxy)
  const exchange = new Exchange(request, client)
  const limits = new RequestLimits(walk.limiter, walk.domain.keyLimiter, walk.rateLimits, client.address)
  const match = walk.router.find(request.method, exchange.path)
  const route = match.outcome === 'found' ? match.value : undefined
  const dialect = chooseDialect(walk, exchange, route)
  const question = route && dialect.askBefore?.(route.endpoint)
  let principal: Principal | undefined
  let tenant: Membership | undefined
  let allowance: RateLimitVerdict | undefined
  let answer: Answer
  try {
    // To be asked costs nothing of the window of what is then done.
    countByAddress(limits, question ? undefined : route)
    if (!client.isSecure && !client.isLoopback) throw new DomainError('HTTPS_REQUIRED')
    if (request.method === 'OPTIONS') answer = answerOptions(walk, exchange)
    else if (match.outcome !== 'found') throw notRouted(walk, exchange, match.outcome)
    else if (request.method === 'HEAD' && match.value.endpoint.opensLink) throw headOfLink(walk, exchange)
    else {
      const { value: found } = match
      const { endpoint, dialect: ownDialect } = found
      const visitor = await knock(walk, limits, exchange, found, dialect)
      principal = visitor.principal
      renewCookie(walk, exchange, principal, visitor.credential)
      const counting = countKey(limits, found, principal)
      if (counting) await counting
      // Whatever stands in a path that names no organization, who calls is let in and counted first.
      const early = ownDialect.countsBeforePath ? undefined : readParams(endpoint, match.params)
      tenant = await letIn(walk, limits, principal, found, early)
      const countingOnSurface = countOnSurface(walk.domain, limits, found, principal, tenant)
      if (countingOnSurface) allowance = await countingOnSurface
      const params = early ?? readParams(endpoint, match.params)
      const input = await readInput(endpoint, request, params, exchange.query)
      countByMailAddress(limits, found, input)
      answer = question
        ? toAnswer(question)
        : await answerRoute(walk, {
            exchange,
            route: found,
            dialect,
            input,
            principal,
            tenant,
            allowance,
          })
    }
  } catch (thrown) {
    const error = domainErrorOf(thrown)
    logCause(walk, exchange, error)
    if (match.outcome === 'found') {
      const { actor } = new HandlerRequest(exchange, walk.domain, principal, undefined, undefined)
      recordRefusal(walk.domain, actor, match.value, { ...tenant, ...match.params }, error)
    }
    answer = toAnswer(dialect.renderError(error, exchange.requestId), {
      ...errorHeaders(error),
      ...(route?.dialect.codeInHeader && { 'X-Error-Code': error.code }),
    })
  }
  const log = (end?: StreamEnd) => {
    if (end?.outcome === 'failed') logCause(walk, exchange, domainErrorOf(end.cause))
    logRequest(walk.domain.logger, {
      event: 'request',
      requestId: exchange.requestId,
      method: request.method,
      route: route?.endpoint.path ?? '(none)',
      status: answer.status,
      durationMs: performance.now() - startedAt,
      userId: principal?.userId,
      credentialId: principal?.credentialId,
      stream: end?.outcome,
    })
  }
  const { body } = answer
  const isStream = typeof body === 'object' && !(body instanceof Uint8Array)
  if (!isStream) log()
  return finish(walk, exchange, limits, route, answer, isStream ? streamedBody(body, log) : body)
}

/** Programs that open a link from a mail are answered as by any other endpoint of its dialect. */
const chooseDialect = (walk: Walk, { request }: Exchange, route: Route | undefined): Dialect =>
  route?.endpoint.opensLink && prefersHtml(request.headers.accept)
    ? walk.pages
    : (route?.dialect ?? walk.defaultDialect)

const notRouted = (
  walk: Walk,
  exchange: Exchange,
  outcome: 'not_found' | 'method_not_allowed',
): DomainError => {
  if (outcome === 'not_found') return new DomainError('NOT_FOUND')
  return new DomainError('METHOD_NOT_ALLOWED', {
    detail: { allowedMethods: walk.router.methodsOf(exchange.path) },
  })
}

/** A mail scanner that looks with HEAD must not use up the link. */
const headOfLink = (walk: Walk, exchange: Exchange): DomainError => {
  const allowedMethods = walk.router.methodsOf(exchange.path).filter(method => method !== 'HEAD')
  return new DomainError('METHOD_NOT_ALLOWED', { detail: { allowedMethods } })
}

/** Who comes, unless it is not let in; nobody is asked who it is on public routes. */
const knock = async (
  walk: Walk,
  limits: RequestLimits,
  exchange: Exchange,
  route: Route,
  dialect: Dialect,
): Promise<{ readonly credential: Credential | undefined; readonly principal: Principal | undefined }> => {
  try {
    const credential = readCredential(route, exchange)
    if (needsOriginCheck(exchange, credential) || opensUnseen(walk, route, dialect))
      refuseForeignOrigin(exchange.request.headers, walk.isTrustedOrigin)
    if (route.endpoint.access.kind === 'public') return { credential, principal: undefined }
    return { credential, principal: await authenticate(walk.domain, route.dialect, credential) }
  } catch (refusal) {
    countRefusal(limits, route, refusal)
    throw refusal
  }
}

/** On public routes credentials are not read: a stale cookie must not keep anybody from signing in. */
const readCredential = (
  { endpoint, dialect }: Route,
  { request, client }: Exchange,
): Credential | undefined =>
  endpoint.access.kind === 'public'
    ? undefined
    : dialect.readCredential(request.headers, sessionCookieName(client.isSecure))

/** Browsers send cookies by themselves; keys and tokens only a program can send. */
const needsOriginCheck = (exchange: Exchange, credential: Credential | undefined): boolean =>
  !exchange.isSafe && (credential === undefined || credential.kind === 'session')

/** A link acts though it is opened by GET: as an image of a foreign page it could sign the visitor in unseen. */
const opensUnseen = (walk: Walk, { endpoint }: Route, dialect: Dialect): boolean =>
  endpoint.opensLink === true && dialect !== walk.pages

const renewCookie = (
  walk: Walk,
  exchange: Exchange,
  principal: Principal | undefined,
  credential: Credential | undefined,
): void => {
  if (principal?.kind !== 'session' || !principal.isRenewed || credential?.kind !== 'session') return
  exchange.setSession({ token: credential.token, session: principal.session }, walk.domain.clock())
}

const letIn = (
  { domain }: Walk,
  limits: RequestLimits,
  principal: Principal | undefined,
  route: Route,
  params: Record<string, unknown> | undefined,
) => {
  const { access } = route.endpoint
  if (!principal || access.kind === 'public') return undefined
  const organizationId = params?.organizationId
  const id = typeof organizationId === 'string' ? organizationId : undefined
  if (!route.dialect.countsBeforePath) return enter(domain, principal, access, id)
  return counted(limits, route, () => enter(domain, principal, access, id))
}

/** Who is refused is counted by address where others are not: it may be guessing. */
const counted = async <T>(limits: RequestLimits, route: Route, enterIt: () => Promise<T> | T): Promise<T> => {
  try {
    return await enterIt()
  } catch (refusal) {
    countRefusal(limits, route, refusal)
    throw refusal
  }
}

/** A request that was let in, with all that its handler is given. */
interface Admitted {
  readonly exchange: Exchange
  readonly route: Route
  readonly dialect: Dialect
  readonly input: ValidInput
  readonly principal: Principal | undefined
  readonly tenant: Membership | undefined
  readonly allowance: RateLimitVerdict | undefined
}

const answerNow = async (
  { domain }: Walk,
  { exchange, route, dialect, input, principal, tenant, allowance }: Admitted,
  claim: IdempotencyClaim | undefined,
): Promise<Answer> => {
  // What `access` promises of principal and tenant was established by the steps before.
  const request = new HandlerRequest(exchange, domain, principal, tenant, claim, allowance) as RequestContext
  const output = await route.handle(input, request)
  return renderAnswer(route.endpoint, dialect, input, output, exchange.request.method === 'HEAD')
}

/** Runs the handler; of a write that may be sent again, once. */
const answerRoute = (walk: Walk, admitted: Admitted): Promise<Answer> => {
  const { exchange, route, input, principal } = admitted
  const { endpoint } = route
  const key = endpoint.idempotency === 'answer' ? exchange.idempotencyKey : undefined
  if (key === undefined || !principal) return answerNow(walk, admitted, undefined)
  const keyed = { principal, key, endpoint, input }
  return answerOnce(walk.domain, keyed, claim => answerNow(walk, admitted, claim))
}

const answerOptions = (walk: Walk, exchange: Exchange): Answer => {
  const methods = walk.router.methodsOf(exchange.path)
  if (methods.length === 0) throw new DomainError('NOT_FOUND')
  const allow = { Allow: methods.join(', ') }
  const preflight = preflightHeaders(exchange.request.headers, methods, walk.isTrustedOrigin)
  return { status: 204, body: undefined, headers: { ...allow, ...preflight } }
}

/** The log gets the cause of a fault of ours, the caller gets none of it. */
const logCause = ({ domain }: Walk, { requestId }: Exchange, { code, cause }: DomainError): void => {
  if (cause === undefined || ERROR_CATALOGUE[code].status < 500) return
  domain.logger.error({ err: cause, event: 'request.failed', requestId }, 'a request failed')
}

/** The address of a link holds a secret, and who opens it decides how the answer looks. */
const LINK_HEADERS = { 'Referrer-Policy': 'no-referrer', Vary: 'Origin, Accept' }

const finish = (
  walk: Walk,
  exchange: Exchange,
  limits: RequestLimits,
  route: Route | undefined,
  answer: Answer,
  body: WireResponse['body'],
): WireResponse => {
  const headers = exchange.headers()
  if (route?.endpoint.opensLink) Object.assign(headers, LINK_HEADERS)
  const { verdict } = limits
  const limitHeaders = route?.dialect.limitHeaders ?? rateLimitHeaders
  if (verdict) Object.assign(headers, limitHeaders(verdict))
  const { origin } = exchange.request.headers
  if (origin !== undefined && walk.isTrustedOrigin(origin)) Object.assign(headers, corsHeaders(origin))
  if (body !== undefined) headers['Content-Type'] = 'application/json; charset=utf-8'
  if (answer.headers) Object.assign(headers, answer.headers)
  return { status: answer.status, headers, body }
}
