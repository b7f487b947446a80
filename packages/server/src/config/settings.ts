import { availableParallelism } from 'node:os'
import { PLAN_IDS, RATE_LIMIT_GROUPS, RATE_LIMITS, type RateLimitGroup } from '@snoop/sdk/contract'
import { LOG_LEVELS, type RateLimit } from './config'
import type { Setting, SettingValue } from './setting'
import {
  addressRangeListSchema,
  databaseSchema,
  daysSchema,
  hostSchema,
  keyPrefixSchema,
  mailboxSchema,
  matching,
  oneOf,
  originListSchema,
  originSchema,
  perMinuteSchema,
  rateLimitSchema,
  rateLimitsSchema,
  smtpUrlSchema,
  wholeNumber,
  writeRateLimit,
} from './setting-schemas'
import { socialProvidersSchema } from './social-providers-schema'
import { stripeSchema } from './stripe-schema'
import { SURFACE_SETTINGS } from './surface-settings'

/** Source: the native contract, section 3. */
export const DEFAULT_RATE_LIMITS = Object.fromEntries(
  RATE_LIMIT_GROUPS.map(group => {
    const { max, windowMs } = RATE_LIMITS[group]
    return [group, { max, windowMs }]
  }),
) as Readonly<Record<RateLimitGroup, RateLimit>>

const pathSchema = matching('a path', /^[^\0]+$/)

/** Every setting, once. The key is its name in the configuration file. */
export const SETTINGS = {
  host: {
    flag: 'host',
    env: 'SNOOP_HOST',
    help: 'Address to listen on',
    placeholder: 'HOST',
    schema: hostSchema,
    default: '127.0.0.1',
    example: '0.0.0.0',
  },
  port: {
    flag: 'port',
    env: 'SNOOP_PORT',
    help: 'Port to listen on; 0 is any free one',
    placeholder: 'PORT',
    schema: wholeNumber(0, 65_535),
    default: '4000',
    example: '4000',
  },
  origin: {
    flag: 'origin',
    env: 'SNOOP_ORIGIN',
    help: 'Public URL of the server, from which links in mails are built',
    placeholder: 'URL',
    schema: originSchema,
    describedDefault: 'the bound address, if it is a loopback address',
    example: 'https://auth.example.com',
  },
  dataDir: {
    flag: 'data-dir',
    env: 'SNOOP_DATA_DIR',
    help: "Folder of the server's secret, the SQLite database and unsent mails",
    placeholder: 'FOLDER',
    schema: pathSchema,
    default: './snoop-data',
    example: '/var/lib/snoop',
  },
  secretFile: {
    flag: 'secret-file',
    env: 'SNOOP_SECRET_FILE',
    help: "File of the server's secret, made at the first start; machines that share a database need the same one",
    placeholder: 'FILE',
    schema: pathSchema,
    describedDefault: '<dataDir>/instance-secret',
    example: '/etc/snoop/instance-secret',
  },
  database: {
    flag: 'database',
    env: 'SNOOP_DATABASE',
    help: 'SQLite file or PostgreSQL URL',
    placeholder: 'URL',
    schema: databaseSchema,
    describedDefault: 'sqlite:<dataDir>/snoop.db',
    example: 'postgres://snoop:password@localhost/snoop',
    secret: true,
  },
  trustedOrigins: {
    flag: 'trusted-origin',
    env: 'SNOOP_TRUSTED_ORIGINS',
    help: 'Other origins whose pages may use the session cookie',
    placeholder: 'URL',
    schema: originListSchema,
    default: '',
    describedDefault: 'none',
    example: 'https://app.example.com',
    repeatable: true,
  },
  passkeyDomain: {
    flag: 'passkey-domain',
    env: 'SNOOP_PASSKEY_DOMAIN',
    help: 'Host name that passkeys belong to, such as a domain that the app and the server share; another one ends all passkeys',
    placeholder: 'HOST',
    schema: hostSchema,
    describedDefault: 'the host of the origin',
    example: 'example.com',
  },
  trustedProxies: {
    flag: 'trusted-proxy',
    env: 'SNOOP_TRUSTED_PROXIES',
    help: 'Proxies whose X-Forwarded-* headers count: IP addresses or CIDR ranges',
    placeholder: 'RANGE',
    schema: addressRangeListSchema,
    default: '',
    describedDefault: 'none',
    example: '10.0.0.0/8',
    repeatable: true,
  },
  tlsCert: {
    flag: 'tls-cert',
    env: 'SNOOP_TLS_CERT',
    help: 'PEM file of the certificate chain, to serve HTTPS; needs the key too',
    placeholder: 'FILE',
    schema: pathSchema,
    example: '/etc/snoop/cert.pem',
  },
  tlsKey: {
    flag: 'tls-key',
    env: 'SNOOP_TLS_KEY',
    help: "PEM file of the certificate's private key",
    placeholder: 'FILE',
    schema: pathSchema,
    example: '/etc/snoop/key.pem',
  },
  smtpUrl: {
    flag: 'smtp-url',
    env: 'SNOOP_SMTP_URL',
    help: 'Mail server; without one, mails become files in <dataDir>/outbox',
    placeholder: 'URL',
    schema: smtpUrlSchema,
    example: 'smtps://user:password@mail.example.com',
    secret: true,
  },
  mailFrom: {
    flag: 'mail-from',
    env: 'SNOOP_MAIL_FROM',
    help: 'Sender of the mails',
    placeholder: 'MAILBOX',
    schema: mailboxSchema,
    default: 'Snoop <no-reply@localhost>',
    example: 'Example <no-reply@example.com>',
  },
  mode: {
    flag: 'mode',
    env: 'SNOOP_MODE',
    help: 'In development the links of mails are logged; --dev is short for --mode development',
    placeholder: 'MODE',
    schema: oneOf(['development', 'production']),
    default: 'production',
    example: 'development',
    shorthand: { flag: 'dev', value: 'development' },
  },
  logLevel: {
    flag: 'log-level',
    env: 'SNOOP_LOG_LEVEL',
    help: `Least level to log: ${LOG_LEVELS.join(', ')}`,
    placeholder: 'LEVEL',
    schema: oneOf(LOG_LEVELS),
    default: 'info',
    example: 'debug',
  },
  rateLimits: {
    flag: 'rate-limit',
    env: 'SNOOP_RATE_LIMITS',
    help: 'Requests in a window, for each group: GROUP=MAX/WINDOW or GROUP=off',
    placeholder: 'LIMIT',
    schema: rateLimitsSchema,
    default: '',
    describedDefault: RATE_LIMIT_GROUPS.map(
      group => `${group}=${writeRateLimit(DEFAULT_RATE_LIMITS[group])}`,
    ).join(','),
    example: 'signIn=10/60s,global=off',
    repeatable: true,
    layered: true,
  },
  keyRateLimit: {
    flag: 'key-rate-limit',
    env: 'SNOOP_KEY_RATE_LIMIT',
    help: 'Requests in a window for a new API key that names no limit of its own: MAX/WINDOW or off; SNAAPI_RATE_LIMIT_PER_MIN, a whole number of requests a minute, says it too',
    placeholder: 'LIMIT',
    schema: rateLimitSchema,
    default: '200/60s',
    example: '1000/1m',
    otherEnv: { name: 'SNAAPI_RATE_LIMIT_PER_MIN', schema: perMinuteSchema, example: '1000' },
  },
  keyPrefix: {
    flag: 'key-prefix',
    env: 'SNOOP_KEY_PREFIX',
    help: 'How new API keys begin',
    placeholder: 'PREFIX',
    schema: keyPrefixSchema,
    default: 'ba_',
    example: 'acme_',
  },
  maxKeysPerAccount: {
    flag: 'max-keys-per-account',
    env: 'SNOOP_MAX_KEYS_PER_ACCOUNT',
    help: 'Live API keys that an account may have',
    placeholder: 'NUMBER',
    schema: wholeNumber(1, 10_000),
    default: '10',
    example: '25',
  },
  defaultPlan: {
    flag: 'default-plan',
    env: 'SNOOP_DEFAULT_PLAN',
    help: `Plan of organizations that pay for none: ${PLAN_IDS.join(', ')}`,
    placeholder: 'PLAN',
    schema: oneOf(PLAN_IDS),
    default: 'free',
    example: 'business',
  },
  auditRetentionDays: {
    flag: 'audit-retention-days',
    env: 'SNOOP_AUDIT_RETENTION_DAYS',
    help: 'Days after which entries of audit logs are removed; off keeps them for ever',
    placeholder: 'DAYS',
    schema: daysSchema,
    default: 'off',
    example: '365',
  },
  passwordHashConcurrency: {
    flag: 'password-hash-concurrency',
    env: 'SNOOP_PASSWORD_HASH_CONCURRENCY',
    help: 'Passwords that are hashed at once, each on a core of its own',
    placeholder: 'NUMBER',
    schema: wholeNumber(1, 1024),
    default: String(Math.max(1, availableParallelism() - 1)),
    describedDefault: 'one less than the cores, at least 1',
    example: '2',
  },
  passwordHashQueue: {
    flag: 'password-hash-queue',
    env: 'SNOOP_PASSWORD_HASH_QUEUE',
    help: 'Passwords that may wait for their turn; more are answered 503',
    placeholder: 'NUMBER',
    schema: wholeNumber(0, 100_000),
    default: '64',
    example: '128',
  },
  databasePoolSize: {
    flag: 'database-pool-size',
    env: 'SNOOP_DATABASE_POOL_SIZE',
    help: 'Connections to PostgreSQL',
    placeholder: 'NUMBER',
    schema: wholeNumber(1, 1000),
    default: '10',
    example: '20',
  },
  socialProviders: {
    flag: 'social-providers',
    env: 'SNOOP_SOCIAL_PROVIDERS',
    help: 'Services that people can sign in with, as JSON: google, github, and OpenID providers by their issuers',
    placeholder: 'JSON',
    schema: socialProvidersSchema,
    default: '{}',
    describedDefault: 'none',
    example:
      '{"google":{"clientId":"ID","clientSecret":"SECRET"},"acme":{"name":"Acme","issuer":"https://id.acme.example","clientId":"ID","clientSecret":"SECRET"}}',
    secret: 'always',
  },
  stripe: {
    flag: 'stripe',
    env: 'SNOOP_STRIPE',
    help: 'Your account at Stripe and its prices, as JSON; without it payments are a sandbox that takes no money',
    placeholder: 'JSON',
    schema: stripeSchema,
    describedDefault: 'none: the sandbox',
    example:
      '{"secretKey":"sk_live_ID","webhookSecret":"whsec_ID","prices":{"starter":{"month":"price_1","year":"price_2"},"pro":{"month":"price_3","year":"price_4"},"business":{"month":"price_5","year":"price_6"},"slotPack":{"month":"price_7","year":"price_8"},"credit":"price_9"}}',
    secret: 'always',
  },
  ...SURFACE_SETTINGS,
  shutdownGraceSeconds: {
    flag: 'shutdown-grace-seconds',
    env: 'SNOOP_SHUTDOWN_GRACE_SECONDS',
    help: 'How long requests under way may take to end when the server stops',
    placeholder: 'SECONDS',
    schema: wholeNumber(0, 3600),
    default: '10',
    example: '30',
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS
export type SettingValues = { readonly [Name in SettingName]: SettingValue<(typeof SETTINGS)[Name]> }

/** Name and setting, in the order of the table. */
export const listSettings = (): [SettingName, Setting][] =>
  Object.entries<Setting>(SETTINGS) as [SettingName, Setting][]

/** The file of settings: where it is cannot be told by itself. */
export const CONFIG_FILE = {
  flag: 'config',
  env: 'SNOOP_CONFIG',
  help: 'JSON file of settings',
  placeholder: 'FILE',
} as const
