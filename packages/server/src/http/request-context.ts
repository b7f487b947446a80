import type { Access, Endpoint, HandlerInput } from '@snoop/sdk/contract'
import type { z } from 'zod'
import type { Actor } from '../domain/principals/actor'
import type { Membership } from '../domain/principals/enter'
import type { Principal, SessionPrincipal } from '../domain/principals/principal'
import type { RateLimitVerdict } from '../domain/rate-limits/decide-rate-limit'
import type { Device, OpenedSession } from '../domain/sessions/create-session'
import type { Visit } from '../domain/sign-in/visit'

/** The caller, as far as the access of the endpoint proves who it is. */
type Caller<A extends Access> = A extends { kind: 'public' }
  ? { readonly principal: undefined; readonly actor: undefined; readonly tenant: undefined }
  : A extends { kind: 'session' }
    ? {
        readonly principal: SessionPrincipal
        readonly actor: Actor<SessionPrincipal>
        readonly tenant: undefined
      }
    : A extends { kind: 'account' }
      ? { readonly principal: Principal; readonly actor: Actor; readonly tenant: undefined }
      : { readonly principal: Principal; readonly actor: Actor; readonly tenant: Membership }

/** What a handler may know of the request besides its input, and what it may do to the answer besides its data. */
export type RequestContext<A extends Access = Access> = Caller<A> & {
  readonly device: Device
  /** It came as HEAD: nobody reads the body, and nothing is to be done. */
  readonly isHead: boolean
  /** What is left of the organization's allowance, on a surface that has one. */
  readonly allowance: RateLimitVerdict | undefined
  /** The client's `Idempotency-Key`, if it sent one. */
  readonly idempotencyKey: string | undefined
  /** Puts the session's secret into the cookie of the answer. */
  setSession(opened: OpenedSession): void
  /** Takes the session cookie away. */
  clearSession(): void
  /** Puts the device's secret into its cookie. */
  setDevice(token: string): void
  /** Who comes, by the cookies: for public routes, where no credential is read. */
  visit(): Promise<Visit>
  /** @param name without `__Host-` */
  readCookie(name: string): string | undefined
  /** A cookie for this host alone that no script can read. @param name without `__Host-`; @param maxAgeSeconds 0: it goes now */
  setCookie(name: string, value: string, maxAgeSeconds: number): void
}

/** Answers 302 instead of data. */
export class Redirect {
  constructor(readonly location: string) {}
}

/** Answers a file instead of data. */
export class FileAnswer {
  constructor(
    /** Such as `image/png`. */
    readonly contentType: string,
    /** What a browser calls the file: letters, digits, `.`, `_` and `-`. */
    readonly fileName: string,
    readonly bytes: Uint8Array,
  ) {}
}

/** Answers lines of text instead of the envelope, made while they are sent. */
export class TextStream {
  constructor(
    /** Such as `text/csv; charset=utf-8`. */
    readonly contentType: string,
    /** What a browser calls the file: letters, digits, `.`, `_` and `-`. */
    readonly fileName: string,
    /** Begins it; not called for HEAD. What it throws is answered as any error. */
    readonly open: () => Promise<AsyncIterable<string>>,
  ) {}
}

export interface PageOutput<Item> {
  readonly items: readonly Item[]
  readonly total: number
}

/** What a handler gives back: data as the contract has it, a page of it, a stream of it, a file, or a redirect. */
export type HandlerOutput<E extends Endpoint> =
  | (E extends { readonly stream: true }
      ? TextStream
      : E extends { readonly file: readonly string[] }
        ? FileAnswer
        : E extends { readonly paged: true }
          ? PageOutput<z.input<E['response']> extends readonly (infer Item)[] ? Item : never>
          : z.input<E['response']>)
  | Redirect

export type Handler<E extends Endpoint> = (
  input: HandlerInput<E>,
  request: RequestContext<E['access']>,
) => Promise<HandlerOutput<E>> | HandlerOutput<E>

/** One handler for each endpoint of a tree: a missing one does not compile. */
export type Handlers<Tree extends Record<string, Record<string, Endpoint>>> = {
  readonly [Tag in keyof Tree]: { readonly [Name in keyof Tree[Tag]]: Handler<Tree[Tag][Name]> }
}
