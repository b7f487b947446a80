import type { z } from 'zod'
import type { ErrorCode } from './error-catalogue'
import type { RateLimitGroup, Scope, TenantPermission } from './vocabulary'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call an endpoint.
 * - `public`: anybody; a credential that is wrong keeps nobody out.
 * - `session`: a signed-in session only; a token never suffices. `fresh`: one whose user proved who they are within
 *   the last 15 minutes.
 * - `account`: any credential that carries all of `scopes`.
 * - `organization`: any credential that carries all of `scopes`, of a member of the organization in the path
 *   (`:organizationId`) whose role has `permission`. `fresh`: as above, so a session only. `beforeMfa`: also for a member
 *   who does not meet the organization's MFA policy.
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'session'; readonly fresh?: true }
  | { readonly kind: 'account'; readonly scopes: readonly Scope[] }
  | {
      readonly kind: 'organization'
      readonly scopes: readonly Scope[]
      readonly permission: TenantPermission
      readonly fresh?: true
      readonly beforeMfa?: true
    }

/** One endpoint: the single place from which server, SDK, CLI, OpenAPI and reference take it. */
export interface Endpoint {
  readonly method: HttpMethod
  /** Path with `:name` parameters; each has an entry in `params`. */
  readonly path: string
  /** One line for lists and help, in the imperative, no full stop. */
  readonly summary: string
  /** More than a line, where the summary does not say it all. */
  readonly description?: string
  readonly access: Access
  /** A window of its own besides the global one; `exempt` is counted by none (probes). */
  readonly rateLimit?: RateLimitGroup | 'exempt'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  /** Shape of `data`; for a list (`paged`) an array. Fields that it does not name never leave the server. */
  readonly response: z.ZodType
  /** A list with `offset`, `limit`, `q` and `sort`, answered with `meta`. */
  readonly paged?: true
  /** Of a list: the name under which its items stand in `data`; without one `data` is the items. */
  readonly itemsKey?: string
  /** Answered as lines of text, without the envelope and as long as it takes; `response` is the shape of a JSON line. */
  readonly stream?: true
  /**
   * A POST that creates, safe to send again with the same `Idempotency-Key` for 24 hours. `answer`: the first answer is
   * given again; `own`: as its description says.
   */
  readonly idempotency?: 'answer' | 'own'
  /** The request's body is no JSON of ours but text that its sender signed, in the header of this name (lower case). */
  readonly rawBody?: { readonly signedBy: string; readonly maxBytes: number }
  /** The body is `response` itself, without the envelope. */
  readonly bare?: true
  /**
   * A link from a mail: opening it (GET) acts, once. So HEAD, which must never act, is refused, and so is a page of a
   * foreign origin. A browser is shown a page.
   */
  readonly opensLink?: true
  readonly status: 200 | 201
  /** The envelope's `message` on success. */
  readonly message: string
  /** Codes that this endpoint can answer besides those that its access, limits and input imply. */
  readonly errors: readonly ErrorCode[]
}

/** Declares an endpoint, keeping its literal types. */
export const defineEndpoint = <const E extends Endpoint>(endpoint: E): E => endpoint

type ShapeInput<T> = T extends z.ZodType ? z.input<T> : unknown
type ShapeOutput<T> = T extends z.ZodType ? z.output<T> : undefined
type Part<E, K extends string> = E extends { readonly [P in K]: infer T } ? T : undefined

/** What a caller passes: params, query and body in one flat object (their names never collide; a test holds that). */
export type EndpointInput<E extends Endpoint> = ShapeInput<Part<E, 'params'>> &
  ShapeInput<Part<E, 'query'>> &
  ShapeInput<Part<E, 'body'>>

/** The `data` that a caller gets. */
export type EndpointData<E extends Endpoint> = z.output<E['response']>

/** What a handler is given: validated and defaulted. */
export interface HandlerInput<E extends Endpoint> {
  readonly params: ShapeOutput<Part<E, 'params'>>
  readonly query: ShapeOutput<Part<E, 'query'>>
  readonly body: ShapeOutput<Part<E, 'body'>>
}

/** Paging facts of a list. */
export interface PageMeta {
  readonly total: number
  readonly offset: number
  readonly limit: number
  readonly hasMore: boolean
}
