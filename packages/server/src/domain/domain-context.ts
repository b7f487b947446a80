import type { PlanId, ResourceDefinition, Surface } from '@snoop/sdk/contract'
import type { Mail } from '../mail/mail'
import type { Logger } from '../observability/logger'
import type { Storage, Stores } from '../storage/storage'
import type { AuditSigner } from './audit/audit-signer'
import type { RefusalRecorder } from './audit/refusal-recorder'
import type { FailedSignInRecorder } from './login-history/failed-sign-in-recorder'
import type { PasswordHasher } from './passwords/password-hasher'
import type { PaymentProvider } from './payments/payment-provider'
import type { RateLimitRule } from './rate-limits/decide-rate-limit'
import type { SubjectLimiter } from './rate-limits/subject-limiter'
import type { ClickCounter } from './short-links/click-counter'
import type { SocialProviders } from './social/create-social-providers'
import type { UseRecorder } from './use-recorder'

/** Puts mails into the outbox, inside the transaction that wants them. */
export interface Mailer {
  put(stores: Stores, mail: Mail): Promise<void>
  /** After the commit: send now rather than at the next look. */
  wake(): void
}

/** Keys that only the server has, each for one use. */
export interface DomainSecrets {
  /** Seals what is stored and must be read again. 32 bytes. */
  readonly sealingKey: Buffer
  /** For HMACs of what could be guessed. 32 bytes. */
  readonly lookupKey: Buffer
  /** Signs access tokens. 32 bytes. */
  readonly tokenKey: Buffer
}

/** What the operator decided, as far as rules depend on it. */
export interface DomainSettings {
  /** The public origin; links in mails are built from it alone. */
  readonly origin: string
  readonly trustedOrigins: readonly string[]
  /** Host name that passkeys belong to; undefined: that of the origin. */
  readonly passkeyDomain: string | undefined
  readonly keyPrefix: string
  readonly maxKeysPerAccount: number
  /** For keys that are given none of their own; null: no limit. */
  readonly keyRateLimit: RateLimitRule | null
  /** Of organizations that pay for none. */
  readonly defaultPlan: PlanId
  /** The wire shapes that are switched on. */
  readonly surfaces: readonly Surface[]
  /** Resources that every organization has, besides the built-in ones. */
  readonly resources: readonly ResourceDefinition[]
  /** Whether there is a browser that takes screenshots. */
  readonly takesScreenshots: boolean
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
  /** Call after a commit that put in a mail request: it is answered at once. */
  readonly wakeMailRequests: () => void
  /** Call after a commit that asked for a screenshot: it is begun at once. */
  readonly wakeScreenshots: () => void
  readonly secrets: DomainSecrets
  readonly auditSigner: AuditSigner
  readonly refusals: RefusalRecorder
  readonly failedSignIns: FailedSignInRecorder
  readonly socialProviders: SocialProviders
  readonly payments: PaymentProvider
  readonly keyLimiter: SubjectLimiter
  readonly uses: UseRecorder
  readonly clicks: ClickCounter
  readonly logger: Logger
  readonly settings: DomainSettings
}
