import type { BillingInterval, PaidPlanId, PlanId, RateLimitGroup, Surface } from '@snoop/sdk/contract'

/** At most `max` requests in each window of `windowMs` milliseconds. */
export interface RateLimit {
  readonly max: number
  readonly windowMs: number
}

/** Where the data lives: a file (absolute path, or `:memory:`), or a PostgreSQL server (the URL may hold a password). */
export type DatabaseLocation =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly url: string }

/** Names of the log levels, from the most to the least talkative. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

interface SocialClient {
  /** For people, such as `Acme`. */
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
}

/** Another service that people can sign in with; what the server is there. */
export type SocialProviderConfig = SocialClient &
  (
    | { readonly kind: 'openid'; readonly issuer: string }
    /** `baseUrl` is an origin: `https://github.com`, or that of a GitHub Enterprise Server. */
    | { readonly kind: 'github'; readonly baseUrl: string }
  )

/** Ids of prices at Stripe: for one seat of each plan, one slot pack, one credit. */
export type StripePrices = Readonly<
  Record<PaidPlanId | 'slotPack', Readonly<Record<BillingInterval, string>>>
> & {
  readonly credit: string
}

/** The operator's account at Stripe. */
export interface StripeConfig {
  readonly secretKey: string
  /** What Stripe signs its messages to the webhook with. */
  readonly webhookSecret: string
  readonly prices: StripePrices
  /** Where a test has its fake of the API; no setting gives it. */
  readonly apiUrl?: string
}

/** What the operator decided, checked. Paths are absolute. */
export interface Config {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** The public URL's origin. Undefined only on a loopback `host`: then it follows from the bound address. */
  readonly origin: string | undefined
  readonly dataDir: string
  /** Holds the server's own secret; machines that share a database share it, too. */
  readonly secretFile: string
  readonly database: DatabaseLocation
  /** Origins besides `origin` whose pages may send requests with the session cookie. */
  readonly trustedOrigins: readonly string[]
  /** Host name that passkeys belong to: that of the origin (undefined), or one above it. */
  readonly passkeyDomain: string | undefined
  /** IP addresses and CIDR ranges of proxies whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly string[]
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** May hold a password. Undefined: mails become files in the data folder. */
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  readonly mode: 'development' | 'production'
  readonly logLevel: LogLevel
  /** Null: no limit. */
  readonly rateLimits: Readonly<Record<RateLimitGroup, RateLimit | null>>
  /** What a new API key is given. Null: no limit. */
  readonly keyRateLimit: RateLimit | null
  /** Begins every API key, such as `ba_`. */
  readonly keyPrefix: string
  readonly maxKeysPerAccount: number
  readonly defaultPlan: PlanId
  /** Entries of audit logs that are older are removed. Null: they are kept for ever. */
  readonly auditRetentionDays: number | null
  /** How many passwords are hashed at once, and how many more may wait. */
  readonly passwordHashConcurrency: number
  readonly passwordHashQueue: number
  readonly databasePoolSize: number
  readonly shutdownGraceSeconds: number
  /** Wire shapes that are spoken; `native` always. */
  readonly surfaces: readonly Surface[]
  /** The program that takes screenshots. Undefined: none are taken. */
  readonly chromium: string | undefined
  /** Private addresses that screenshots may be taken of. */
  readonly screenshotAllow: readonly string[]
  /** File of resources that every organization has. */
  readonly resources: string | undefined
  /** Holds secrets. Undefined: payments are the sandbox, which takes no money. */
  readonly stripe: StripeConfig | undefined
  /** By the names that they have in paths. Hold secrets. */
  readonly socialProviders: Readonly<Record<string, SocialProviderConfig>>
}
