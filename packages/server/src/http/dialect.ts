import type { IncomingHttpHeaders } from 'node:http'
import type { Endpoint, KeyFormat, PageMeta } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain/domain-context'
import type { DomainError } from '../domain/domain-error'
import type { Membership } from '../domain/principals/enter'
import type { RateLimitRule, RateLimitVerdict } from '../domain/rate-limits/decide-rate-limit'
import type { ValidInput } from './read-input'
import type { HandlerOutput, RequestContext } from './request-context'
import type { HeaderValue } from './wire'

/** What a request carries to say who asks. */
export type Credential =
  | { readonly kind: 'session'; readonly token: string }
  | { readonly kind: 'apiKey'; readonly key: string }
  | { readonly kind: 'bearer'; readonly token: string }

/** An endpoint with what answers it. */
export interface Route {
  /** Name in the contract's tree, such as `projects.list`. */
  readonly name: string
  readonly endpoint: Endpoint
  readonly dialect: Dialect
  handle(
    input: ValidInput,
    request: RequestContext,
  ): Promise<HandlerOutput<Endpoint>> | HandlerOutput<Endpoint>
}

/** Status and JSON value of an answer. */
export interface Rendered {
  readonly status: number
  readonly body: unknown
}

/** A page that a person reads in a browser. */
export interface RenderedPage {
  readonly status: number
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
}

/** How often an organization may call a surface, and why it may not at all. */
export interface Allowance {
  /** What is counted together. */
  readonly subject: string
  readonly rule: RateLimitRule
  readonly refusal?: DomainError | undefined
  /** What is said to whom has used it up. */
  tellExceeded(verdict: RateLimitVerdict): string
}

/** A wire shape: how credentials are sent and answers look. Rules and routes of the walk know none of it. */
export interface Dialect {
  readonly name: string
  /** Keys that are good here. */
  readonly keyFormats: readonly KeyFormat[]
  /** Whether access tokens are good here. */
  readonly takesAccessTokens: boolean
  /**
   * Paths name no organization: whoever calls is let in and counted before they are read, and is not counted by address,
   * unless it is not let in.
   */
  readonly countsBeforePath?: true
  /** Bodies of errors have no place for the code: it is told in `X-Error-Code`. */
  readonly codeInHeader?: true
  /**
   * The one credential that counts, or undefined.
   * @throws DomainError NO_TOKEN_PROVIDED
   */
  readCredential(headers: IncomingHttpHeaders, sessionCookieName: string): Credential | undefined
  renderSuccess(endpoint: Endpoint, data: unknown, meta: PageMeta | undefined): Rendered | RenderedPage
  renderError(error: DomainError, requestId: string): Rendered | RenderedPage
  /** Left out: the `RateLimit-*` headers. @param verdict of the limit that is nearest to its end */
  limitHeaders?(verdict: RateLimitVerdict): Readonly<Record<string, HeaderValue>>
  /** Decided before any limit is counted; left out: whoever is let in may call. */
  findAllowance?(domain: DomainContext, tenant: Membership): Promise<Allowance>
  /** A page that is shown in place of what the endpoint does, and asks first; without one the endpoint acts at once. */
  askBefore?(endpoint: Endpoint): RenderedPage | undefined
}
