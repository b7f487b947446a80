import { randomBytes } from 'node:crypto'
import type { ResourceDefinition } from '@snoop/sdk/contract'
import { monotonicFactory } from 'ulid'
import { createPhotographer } from './capture/photographer'
import { warnWithoutSandbox } from './capture/warn-without-sandbox'
import type { Config } from './config/config'
import { createMailer } from './create-mailer'
import { nativeDialect } from './dialects/native/native-dialect'
import { nativeRoutes } from './dialects/native/native-routes'
import { snaapiRoutes } from './dialects/snaapi/snaapi-routes'
import { snaptrackRoutes } from './dialects/snaptrack/snaptrack-routes'
import { snipyRoutes } from './dialects/snipy/snipy-routes'
import { createAuditSigner } from './domain/audit/audit-signer'
import { RefusalRecorder } from './domain/audit/refusal-recorder'
import type { DomainContext } from './domain/domain-context'
import { FailedSignInRecorder } from './domain/login-history/failed-sign-in-recorder'
import { createPasswordHasher } from './domain/passwords/password-hasher'
import { createPayments } from './domain/payments/create-payments'
import { JointLimiter } from './domain/rate-limits/joint-limiter'
import { RateLimiter } from './domain/rate-limits/rate-limiter'
import { ClickCounter } from './domain/short-links/click-counter'
import { createSocialProviders } from './domain/social/create-social-providers'
import { UseRecorder } from './domain/use-recorder'
import { createAddressTest } from './http/client-address'
import type { Route } from './http/dialect'
import type { Walk } from './http/handle-request'
import { Router } from './http/router'
import type { InstanceKeys } from './instance-keys'
import { createMailRequestWorker } from './jobs/mail-request-worker'
import { pruneAuditLogs } from './jobs/prune-audit-logs'
import { createScreenshotWorker } from './jobs/screenshot-worker'
import { sweepExpired } from './jobs/sweep-expired'
import { createMailTransport } from './mail/create-mail-transport'
import { createOutboxWorker } from './mail/outbox-worker'
import type { Logger } from './observability/logger'
import { linkRoutes } from './pages/links/link-routes'
import { createPageDialect } from './pages/page-dialect'
import { pageRoutes } from './pages/page-endpoints'
import type { StorageEngine } from './storage/engine'
import { createStorage } from './storage/storage'
import { repeatUnreferenced } from './timers/unreferenced-timers'
import { VERSION } from './version'

/**
 * Surfaces besides the native one. To take one out for good, take out its import and its line here, its folder in
 * `dialects/`, and its name and endpoints in the contract; with `snipy` go the short links in `pages/links`. Domain and
 * storage stay as they are: they know no dialect. For one server `--surfaces` is enough.
 */
const SURFACE_ROUTES = { snipy: snipyRoutes, snaptrack: snaptrackRoutes, snaapi: snaapiRoutes }

const SWEEP_ROWS_EVERY_MS = 3_600_000
const SWEEP_WINDOWS_EVERY_MS = 60_000

export interface AppParts {
  readonly config: Config
  /** Those of the file that the configuration names. */
  readonly resources: readonly ResourceDefinition[]
  readonly origin: string
  /** Its migrations are done. */
  readonly engine: StorageEngine
  readonly keys: InstanceKeys
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export interface App {
  readonly walk: Walk
  /** From now on `/ready` says no. */
  drain(): void
  /** Ends the work in the background; what was used is on disk when it resolves. The engine stays open. */
  stop(): Promise<void>
}

/** `localhost` and `127.0.0.1` are the same place to a developer. */
const ownOrigins = (origin: string): string[] => {
  const url = new URL(origin)
  if (url.hostname !== 'localhost' && url.hostname !== '127.0.0.1') return [origin]
  return ['localhost', '127.0.0.1'].map(host => `${url.protocol}//${host}${url.port ? `:${url.port}` : ''}`)
}

/** Puts the parts together: the one place that sees all rooms. */
export const createApp = ({ config, resources, origin, engine, keys, logger, clock }: AppParts): App => {
  const { outboxKey, auditSeed, secrets } = keys
  const storage = createStorage(engine)
  const nextUlid = monotonicFactory()
  const newId = () => nextUlid(clock())
  const transport = createMailTransport(config, { origin, logger })
  const worker = createOutboxWorker({ outbox: storage.outbox, transport, key: outboxKey, logger, clock })
  const limiter = new RateLimiter(clock)
  const keyLimiter = new JointLimiter(engine.windows, clock, logger)
  const uses = new UseRecorder(storage, clock, logger)
  const failedSignIns = new FailedSignInRecorder(storage, logger)
  const auditSigner = createAuditSigner(auditSeed)
  const refusals = new RefusalRecorder({ storage, clock, newId, auditSigner }, logger)
  const domain: DomainContext = {
    storage,
    clock,
    newId,
    randomBytes,
    passwords: createPasswordHasher(config.passwordHashConcurrency, config.passwordHashQueue),
    mailer: createMailer(newId, clock, outboxKey, () => worker.wake()),
    wakeMailRequests: () => mailRequests.wake(),
    wakeScreenshots: () => screenshots?.wake(),
    secrets,
    auditSigner,
    refusals,
    failedSignIns,
    socialProviders: createSocialProviders(config.socialProviders, clock),
    payments: createPayments(config.stripe, { storage, clock, randomBytes, origin, logger }),
    keyLimiter,
    uses,
    clicks: new ClickCounter(storage),
    logger,
    settings: {
      origin,
      trustedOrigins: config.trustedOrigins,
      passkeyDomain: config.passkeyDomain,
      keyPrefix: config.keyPrefix,
      maxKeysPerAccount: config.maxKeysPerAccount,
      keyRateLimit: config.keyRateLimit,
      defaultPlan: config.defaultPlan,
      surfaces: config.surfaces,
      resources,
      takesScreenshots: config.chromium !== undefined,
    },
  }

  const mailRequests = createMailRequestWorker(domain)
  const photographer =
    config.chromium !== undefined && config.surfaces.includes('snaptrack')
      ? createPhotographer({ chromium: config.chromium, allow: config.screenshotAllow })
      : undefined
  const screenshots = photographer && createScreenshotWorker(domain, photographer)
  if (photographer) warnWithoutSandbox(logger)

  if (config.mode === 'production' && !config.stripe)
    logger.warn(
      { event: 'payments.sandbox' },
      'payments are the sandbox and take no money: give SNOOP_STRIPE',
    )

  const readiness = { isDraining: false }
  const router = new Router<Route>()
  const pages = createPageDialect(origin)
  for (const route of [
    ...nativeRoutes(domain, VERSION, readiness),
    ...config.surfaces.flatMap(name => (name === 'native' ? [] : SURFACE_ROUTES[name](domain))),
    ...pageRoutes(pages, { isSandbox: domain.payments.name === 'sandbox' }),
    ...(config.surfaces.includes('snipy') ? linkRoutes(pages, domain) : []),
  ]) {
    router.add(route.endpoint.method, route.endpoint.path, route)
  }
  const trustedOrigins = new Set([...ownOrigins(origin), ...config.trustedOrigins])

  const pruneAudit = async () => {
    if (config.auditRetentionDays !== null) await pruneAuditLogs(domain, config.auditRetentionDays)
  }
  const sweepRows = () =>
    Promise.all([sweepExpired(storage, clock()), pruneAudit()]).catch(err =>
      logger.error({ err, event: 'sweep.failed' }, 'could not sweep'),
    )
  const endTimers = [
    repeatUnreferenced(sweepRows, SWEEP_ROWS_EVERY_MS),
    repeatUnreferenced(() => limiter.sweep(), SWEEP_WINDOWS_EVERY_MS),
  ]
  worker.start()
  mailRequests.start()
  screenshots?.start()
  keyLimiter.start()
  uses.start()
  failedSignIns.start()
  refusals.start()

  return {
    walk: {
      router,
      defaultDialect: nativeDialect,
      pages,
      domain,
      limiter,
      rateLimits: config.rateLimits,
      isTrustedProxy: createAddressTest(config.trustedProxies),
      isTrustedOrigin: origin => trustedOrigins.has(origin),
    },
    drain: () => {
      readiness.isDraining = true
    },
    stop: async () => {
      for (const endTimer of endTimers) endTimer()
      await screenshots?.stop()
      await mailRequests.stop()
      await worker.stop()
      await uses.stop()
      keyLimiter.stop()
      await failedSignIns.stop()
      await refusals.stop()
    },
  }
}
