import type { RateLimitGroup } from '@snoop/sdk/contract'
import { DomainError } from '../domain/domain-error'
import type { Principal } from '../domain/principals/principal'
import type { RateLimitRule, RateLimitVerdict } from '../domain/rate-limits/decide-rate-limit'
import type { RateLimiter } from '../domain/rate-limits/rate-limiter'
import { addressBucket } from './client-address'
import type { HeaderValue } from './wire'

export type RateLimitRules = Readonly<Record<RateLimitGroup, RateLimitRule | null>>

/** What a group counts together, besides the client's address (native contract, section 3). */
export const COUNTED_BY = {
  signIn: 'path',
  signUp: 'path',
  twoFactor: 'group',
  passkey: 'group',
  magicLink: 'group',
  verificationMail: 'mailAddress',
  passwordReset: 'mailAddress',
} as const satisfies Record<Exclude<RateLimitGroup, 'global'>, 'path' | 'group' | 'mailAddress'>

/**
 * The limits of one request. It remembers each verdict, so that the headers can tell of the layer that is nearest to
 * its end (native contract, section 3).
 */
export class RequestLimits {
  private nearest: RateLimitVerdict | undefined

  constructor(
    private readonly limiter: RateLimiter,
    private readonly keyLimiter: RateLimiter,
    private readonly rules: RateLimitRules,
    private readonly address: string,
  ) {}

  /** Looks at the window of the address, counting nothing: for probes. */
  showGlobal(): void {
    const rule = this.rules.global
    if (rule) this.note(this.limiter.peek(`global ${this.bucket}`, rule))
  }

  /** @throws DomainError RATE_LIMIT_ERROR */
  takeGlobal(): void {
    this.take('global', '')
  }

  /** @param part tells apart what shares the group: a path, an e-mail address. @throws DomainError RATE_LIMIT_ERROR */
  take(group: RateLimitGroup, part: string): void {
    const rule = this.rules[group]
    if (!rule) return
    this.note(this.limiter.take(`${group} ${this.bucket} ${part}`.trimEnd(), rule))
  }

  /** @throws DomainError RATE_LIMIT_ERROR */
  takeKey(principal: Principal | undefined): void {
    if (principal?.kind !== 'apiKey' || !principal.rateLimit) return
    const verdict = this.keyLimiter.take(principal.credentialId, principal.rateLimit)
    this.note(verdict, `This API key may make ${verdict.limit} requests in its window; try again later`)
  }

  addHeaders(headers: Record<string, HeaderValue>): void {
    if (!this.nearest) return
    headers['RateLimit-Limit'] = String(this.nearest.limit)
    headers['RateLimit-Remaining'] = String(this.nearest.remaining)
    headers['RateLimit-Reset'] = String(this.nearest.resetSeconds)
  }

  private get bucket(): string {
    return addressBucket(this.address)
  }

  private note(verdict: RateLimitVerdict, message?: string): void {
    if (!this.nearest || !verdict.allowed || verdict.remaining < this.nearest.remaining)
      this.nearest = verdict
    if (verdict.allowed) return
    throw new DomainError('RATE_LIMIT_ERROR', {
      ...(message !== undefined && { message }),
      detail: { retryAfterSeconds: verdict.resetSeconds },
    })
  }
}
