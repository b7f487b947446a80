import type { z } from 'zod'
import type { ErrorCode } from './error-catalogue'
import type { RateLimitGroup } from './rate-limit-groups'
import type { KeyFormat, KeyScope, Scope, Surface, TenantPermission } from './vocabulary'

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
 * - `home`: as `organization`, but of the credential's home organization: the one that it is pinned to, else the oldest that
 *   its user belongs to. `scopesOf`: what keys of a format need instead of `scopes`, which are those of the native
 *   format.
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
  | {
      readonly kind: 'home'
      readonly scopes: readonly Scope[]
      readonly scopesOf?: Partial<Readonly<Record<KeyFormat, readonly KeyScope[]>>>
      readonly permission: TenantPermission
    }

/** One endpoint: the single place from which server, SDK, CLI, OpenAPI and reference take it. */
export interface Endpoint {
  readonly method: HttpMethod
  /** Path with `:name` parameters; each has an entry in `params`. */
  readonly path: string
  /** The wire shape of answers and errors; left out: native. */
  readonly dialect?: Exclude<Surface, 'native'>
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
  /** The body may be `application/x-www-form-urlencoded`, and clients send it so; JSON is taken too. */
  readonly form?: true
  /** Query parameters besides those of `query` are taken; callers pass them in one object under this name. */
  readonly openQuery?: string
  /** The fields of the body are not known beforehand; callers pass the whole of it under this name. */
  readonly openBody?: string
  /** Answered as a file, without the envelope: the media types that it can have. `response` is of no use. */
  readonly file?: readonly string[]
  /** The body is `response` itself, without the envelope of its surface. */
  readonly bare?: true
  /** The status of a `VALIDATION_ERROR`, where it is not that of the surface. */
  readonly validationStatus?: 400
  /**
   * A link from a mail: opening it (GET) acts, once. So HEAD, which must never act, is refused, and so is a page of a
   * foreign origin. A browser is shown a page.
   */
  readonly opensLink?: true
  /** 204: no body. */
  readonly status: 200 | 201 | 204
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

/** The fields that a schema names, without the index signature of an open one. */
type Named<T> = { [K in keyof T as string extends K ? never : K]: T[K] }

type QueryInput<E> = E extends { readonly openQuery: infer Name extends string }
  ? Named<ShapeInput<Part<E, 'query'>>> & {
      readonly [K in Name]?: Readonly<Record<string, string | number | boolean>>
    }
  : ShapeInput<Part<E, 'query'>>

type BodyInput<E> = E extends { readonly openBody: infer Name extends string }
  ? { readonly [K in Name]: Readonly<Record<string, unknown>> }
  : ShapeInput<Part<E, 'body'>>

/** What a caller passes: params, query and body in one flat object (their names never collide; a test holds that). */
export type EndpointInput<E extends Endpoint> = ShapeInput<Part<E, 'params'>> & QueryInput<E> & BodyInput<E>

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
