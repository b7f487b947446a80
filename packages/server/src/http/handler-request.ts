import type { Membership } from '../domain/principals/enter'
import type { Principal } from '../domain/principals/principal'
import type { Device, OpenedSession } from '../domain/sessions/create-session'
import type { Exchange } from './exchange'

/** The request as its handler sees it; what few handlers ask for is worked out only for them. */
export class HandlerRequest {
  constructor(
    private readonly exchange: Exchange,
    private readonly clock: () => number,
    readonly principal: Principal | undefined,
    readonly tenant: Membership | undefined,
  ) {}

  get device(): Device {
    const { client, request } = this.exchange
    return { ipAddress: client.address, userAgent: request.headers['user-agent'] ?? '' }
  }

  get idempotencyKey(): string | undefined {
    return this.exchange.idempotencyKey
  }

  setSession(opened: OpenedSession): void {
    this.exchange.setSession(opened, this.clock())
  }

  clearSession(): void {
    this.exchange.clearSession()
  }
}
