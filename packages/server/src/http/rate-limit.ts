import { RATE_LIMITS, type RateLimitGroup } from '@snoop/sdk/contract'
import { DomainError } from '../domain/domain-error'
import type { Principal } from '../domain/principals/principal'
import type { RateLimitRule, RateLimitVerdict } from '../domain/rate-limits/decide-rate-limit'
import type { RateLimiter } from '../domain/rate-limits/rate-limiter'
import type { SubjectLimiter } from '../domain/rate-limits/subject-limiter'
import { addressBucket } from './client-address'
import type { Allowance } from './dialect'

export type RateLimitRules = Readonly<Record<RateLimitGroup, RateLimitRule | null>>

/** Of dialects that have no headers of their own (native contract, section 3). */
export const rateLimitHeaders = ({ limit, remaining, resetSeconds }: RateLimitVerdict) => ({
  'RateLimit-Limit': String(limit),
  'RateLimit-Remaining': String(remaining),
  'RateLimit-Reset': String(resetSeconds),
})

const refusalOfKey = ({ max, refill }: RateLimitRule): string =>
  refill
    ? `This API key has used up its ${max} requests; ${refill.amount} more come every ${refill.intervalMs / 1000} seconds`
    : `This API key may make ${max} requests in its window; try again later`

/**
 * The limits of one request. It remembers each verdict, so that the headers can tell of the layer that is nearest to
 * its end (native contract, section 3).
 */
export class RequestLimits {
  private nearest: RateLimitVerdict | undefined
  /** Told where nothing else was counted. */
  private ofAddress: RateLimitVerdict | undefined

  constructor(
    private readonly limiter: RateLimiter,
    private readonly keyLimiter: SubjectLimiter,
    private readonly rules: RateLimitRules,
    private readonly address: string,
  ) {}

  /** Looks at the window of the address, counting nothing. */
  showGlobal(): void {
    const rule = this.rules.global
    if (rule) this.ofAddress = this.limiter.peek(`global ${this.bucket}`, rule)
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

  /** Answers at once where it can. @throws DomainError RATE_LIMIT_ERROR */
  takeKey(principal: Principal): Promise<void> | undefined {
    if (principal.kind !== 'apiKey' || !principal.rateLimit) return undefined
    const rule = principal.rateLimit
    const verdict = this.keyLimiter.take(principal.limiterSubject, rule)
    if (verdict instanceof Promise) return verdict.then(late => this.noteKey(late, rule))
    this.noteKey(verdict, rule)
    return undefined
  }

  /** Of a group that is counted by user. @throws DomainError RATE_LIMIT_ERROR */
  async takeUser(group: RateLimitGroup, userId: string): Promise<void> {
    const { within } = RATE_LIMITS[group]
    if (within) await this.takeUser(within, userId)
    const rule = this.rules[group]
    if (!rule) return
    const verdict = await this.keyLimiter.take(`${group} ${userId}`, rule)
    const seconds = rule.windowMs / 1000
    this.note(
      verdict,
      `You may make ${rule.max} requests of this kind in ${seconds} seconds; try again later`,
    )
  }

  /** What the organization may call in a time. @throws DomainError its refusal, or RATE_LIMIT_ERROR */
  async takeAllowance({ subject, rule, refusal, tellExceeded }: Allowance): Promise<RateLimitVerdict> {
    if (refusal) {
      this.nearest = await this.keyLimiter.peek(subject, rule)
      throw refusal
    }
    const verdict = await this.keyLimiter.take(subject, rule)
    this.note(verdict, verdict.allowed ? undefined : tellExceeded(verdict))
    return verdict
  }

  /** Of the limit that is nearest to its end. */
  get verdict(): RateLimitVerdict | undefined {
    return this.nearest ?? this.ofAddress
  }

  private get bucket(): string {
    return addressBucket(this.address)
  }

  private noteKey(verdict: RateLimitVerdict, rule: RateLimitRule): void {
    this.note(verdict, verdict.allowed ? undefined : refusalOfKey(rule))
  }

  private note(verdict: RateLimitVerdict, message?: string): void {
    if (!this.nearest || !verdict.allowed || verdict.remaining < this.nearest.remaining)
      this.nearest = verdict
    if (verdict.allowed) return
    throw new DomainError('RATE_LIMIT_ERROR', {
      ...(message !== undefined && { message }),
      detail: { retryAfterSeconds: verdict.resetSeconds, rateLimit: verdict },
    })
  }
}
