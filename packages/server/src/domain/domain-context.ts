import type { Mail } from '../mail/mail'
import type { Logger } from '../observability/logger'
import type { Storage, Stores } from '../storage/storage'
import type { PasswordHasher } from './passwords/password-hasher'
import type { RateLimitRule } from './rate-limits/decide-rate-limit'
import type { RateLimiter } from './rate-limits/rate-limiter'
import type { UseRecorder } from './use-recorder'

/** Puts mails into the outbox, inside the transaction that wants them. */
export interface Mailer {
  put(stores: Stores, mail: Mail): Promise<void>
  /** After the commit: send now rather than at the next look. */
  wake(): void
}

/** What the operator decided, as far as rules depend on it. */
export interface DomainSettings {
  /** The public origin; links in mails are built from it alone. */
  readonly origin: string
  readonly trustedOrigins: readonly string[]
  readonly keyPrefix: string
  readonly maxKeysPerAccount: number
  /** For keys that are given none of their own; null: no limit. */
  readonly keyRateLimit: RateLimitRule | null
}

/** Everything that a rule may use; all of it is injected. */
export interface DomainContext {
  readonly storage: Storage
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** A new ULID, later ones sorting behind earlier ones. */
  readonly newId: () => string
  readonly randomBytes: (size: number) => Buffer
  readonly passwords: PasswordHasher
  readonly mailer: Mailer
  readonly keyLimiter: RateLimiter
  readonly uses: UseRecorder
  readonly logger: Logger
  readonly settings: DomainSettings
}
