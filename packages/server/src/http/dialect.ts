import type { IncomingHttpHeaders } from 'node:http'
import type { Endpoint, PageMeta } from '@snoop/sdk/contract'
import type { DomainError } from '../domain/domain-error'
import type { ValidInput } from './read-input'
import type { HandlerOutput, RequestContext } from './request-context'

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

/** A wire shape: how credentials are sent and answers look. Rules and routes of the walk know none of it. */
export interface Dialect {
  readonly name: string
  /**
   * The one credential that counts, or undefined.
   * @throws DomainError NO_TOKEN_PROVIDED
   */
  readCredential(headers: IncomingHttpHeaders, sessionCookieName: string): Credential | undefined
  renderSuccess(endpoint: Endpoint, data: unknown, meta: PageMeta | undefined): Rendered | RenderedPage
  renderError(error: DomainError, requestId: string): Rendered | RenderedPage
  /** A page that is shown in place of what the endpoint does, and asks first; without one the endpoint acts at once. */
  askBefore?(endpoint: Endpoint): RenderedPage | undefined
}
