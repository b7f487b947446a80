import { DEVICE_COOKIE, SESSION_COOKIE } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain/domain-context'
import { DomainError } from '../domain/domain-error'
import type { IdempotencyClaim } from '../domain/idempotency/idempotency-claim'
import type { Actor } from '../domain/principals/actor'
import type { Membership } from '../domain/principals/enter'
import type { Principal, SessionPrincipal } from '../domain/principals/principal'
import { resolveSession } from '../domain/principals/resolve-session'
import type { RateLimitVerdict } from '../domain/rate-limits/decide-rate-limit'
import type { Device, OpenedSession } from '../domain/sessions/create-session'
import type { Visit } from '../domain/sign-in/visit'
import type { Exchange } from './exchange'

const DEVICE_COOKIE_SECONDS = 365 * 24 * 3600

/** The request as its handler sees it; what few handlers ask for is worked out only for them. */
export class HandlerRequest {
  constructor(
    private readonly exchange: Exchange,
    private readonly domain: DomainContext,
    readonly principal: Principal | undefined,
    readonly tenant: Membership | undefined,
    private readonly claim: IdempotencyClaim | undefined,
    readonly allowance?: RateLimitVerdict | undefined,
  ) {}

  /** The principal as one that acts, from here and now. */
  get actor(): Actor | undefined {
    const { principal, device, claim } = this
    return principal && { principal, device, requestId: this.exchange.requestId, claim }
  }

  get device(): Device {
    const { client, request } = this.exchange
    return { ipAddress: client.address, userAgent: request.headers['user-agent'] ?? '' }
  }

  get isHead(): boolean {
    return this.exchange.request.method === 'HEAD'
  }

  get idempotencyKey(): string | undefined {
    return this.exchange.idempotencyKey
  }

  setSession(opened: OpenedSession): void {
    this.exchange.setSession(opened, this.domain.clock())
  }

  setDevice(token: string): void {
    this.exchange.setCookie(DEVICE_COOKIE, token, DEVICE_COOKIE_SECONDS)
  }

  readCookie(name: string): string | undefined {
    return this.exchange.readCookie(name)
  }

  setCookie(name: string, value: string, maxAgeSeconds: number): void {
    this.exchange.setCookie(name, value, maxAgeSeconds)
  }

  async visit(): Promise<Visit> {
    const deviceToken = this.exchange.readCookie(DEVICE_COOKIE)
    const { device, exchange } = this
    return { device, deviceToken, session: await this.findSession(), requestId: exchange.requestId }
  }

  /** A session that is over must not keep anybody from signing in: it counts as none. */
  private async findSession(): Promise<SessionPrincipal | undefined> {
    const token = this.exchange.readCookie(SESSION_COOKIE)
    if (token === undefined) return undefined
    try {
      return await resolveSession(this.domain, token)
    } catch (error) {
      if (error instanceof DomainError) return undefined
      throw error
    }
  }

  clearSession(): void {
    this.exchange.clearSession()
  }
}
