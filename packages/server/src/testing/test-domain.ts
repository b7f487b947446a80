import { randomBytes } from 'node:crypto'
import { KEY_FORMAT_NAMES, SCOPES, type Scope, SURFACES } from '@snoop/sdk/contract'
import type { KyselyPlugin } from 'kysely'
import { monotonicFactory } from 'ulid'
import { createApiKey, type IssuedApiKey } from '../domain/api-keys/create-api-key'
import type { NewApiKey } from '../domain/api-keys/judge-new-api-key'
import { createAuditSigner } from '../domain/audit/audit-signer'
import { RefusalRecorder } from '../domain/audit/refusal-recorder'
import type { DomainContext, DomainSettings } from '../domain/domain-context'
import { FailedSignInRecorder } from '../domain/login-history/failed-sign-in-recorder'
import { createSandboxProvider } from '../domain/payments/sandbox/sandbox-provider'
import type { Actor } from '../domain/principals/actor'
import type { ApiKeyPrincipal, Principal, SessionPrincipal } from '../domain/principals/principal'
import { resolveApiKey } from '../domain/principals/resolve-api-key'
import { RateLimiter } from '../domain/rate-limits/rate-limiter'
import { createSession } from '../domain/sessions/create-session'
import { ClickCounter } from '../domain/short-links/click-counter'
import { UseRecorder } from '../domain/use-recorder'
import type { Mail } from '../mail/mail'
import type { LogFields, Logger } from '../observability/logger'
import type { StorageEngine } from '../storage/engine'
import { createStorage, type Storage } from '../storage/storage'
import { userRow } from './rows'

/** The rules over a real database, with a clock that stands still until it is moved and a hasher that costs nothing. */
export interface TestDomain {
  readonly context: DomainContext
  readonly storage: Storage
  readonly engine: StorageEngine
  /** Every statement since the last `statements.length = 0`: SQL of prepared ones, else the kind of query. */
  readonly statements: string[]
  readonly mails: Mail[]
  /** Fields of all log lines. */
  readonly logged: LogFields[]
  readonly hasher: { calls: number }
  readonly now: () => number
  advance(ms: number): void
  /** A user without organization, signed in. */
  signUp(): Promise<SessionPrincipal>
  /** An organization with these members. */
  foundOrganization(members: Readonly<Record<string, string>>): Promise<string>
  /** A key made by `maker`, with every scope and no end or limit unless said. */
  createKey(maker: Principal, input?: Partial<NewApiKey>): Promise<IssuedApiKey>
  /** Who the key is, as a request with it would find. */
  principalOf(key: string): Promise<ApiKeyPrincipal>
  /** Whether a request with the key would be let in. */
  isAccepted(key: string): Promise<boolean>
}

const SETTINGS: DomainSettings = {
  origin: 'https://auth.example.com',
  trustedOrigins: ['https://app.example.com'],
  passkeyDomain: undefined,
  keyPrefix: 'ba_',
  maxKeysPerAccount: 10,
  keyRateLimit: null,
  defaultPlan: 'business',
  surfaces: SURFACES,
  resources: [],
  takesScreenshots: false,
}

/** The principal as one that acts. */
export const actorOf = <P extends Principal>(principal: P): Actor<P> => ({
  principal,
  device: { ipAddress: '192.0.2.1', userAgent: 'test' },
  requestId: 'req_test',
  claim: undefined,
})

/** Writes down each statement that goes through `engine`. */
const listenTo = (engine: StorageEngine, statements: string[]): StorageEngine => {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements.push(node.kind)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return {
    ...engine,
    db: engine.db.withPlugin(plugin),
    transaction: work => engine.transaction(trx => work(trx.withPlugin(plugin))),
    prepare: <Row>(sql: string) => {
      const query = engine.prepare<Row>(sql)
      return (...parameters) => {
        statements.push(sql)
        return query(...parameters)
      }
    },
  }
}

const listeningLogger = (logged: LogFields[]): Logger => {
  const note = (fields: LogFields) => void logged.push(fields)
  return {
    debug: note,
    info: note,
    warn: note,
    error: note,
  }
}

/** @param engine with its migrations done */
export const createTestDomain = (
  engine: StorageEngine,
  settings: Partial<DomainSettings> = {},
): TestDomain => {
  const statements: string[] = []
  const mails: Mail[] = []
  const logged: LogFields[] = []
  const hasher = { calls: 0 }
  let now = Date.UTC(2026, 0, 1)
  const clock = () => now
  const nextUlid = monotonicFactory()
  const storage = createStorage(listenTo(engine, statements))
  const logger = listeningLogger(logged)
  const uses = new UseRecorder(storage, clock, logger)
  const auditSigner = createAuditSigner(randomBytes(32))
  const newId = () => nextUlid(now)
  const context: DomainContext = {
    storage,
    clock,
    newId,
    randomBytes,
    passwords: {
      hash: async password => {
        hasher.calls++
        return `hash of ${password}`
      },
      verify: async (hash, password) => {
        hasher.calls++
        return hash === `hash of ${password}` || hash === `weak hash of ${password}`
      },
      isOutdated: hash => hash.startsWith('weak'),
    },
    mailer: { put: async (_stores, mail) => void mails.push(mail), wake: () => {} },
    wakeMailRequests: () => {},
    wakeScreenshots: () => {},
    secrets: { sealingKey: randomBytes(32), lookupKey: randomBytes(32), tokenKey: randomBytes(32) },
    auditSigner,
    refusals: new RefusalRecorder({ storage, clock, newId, auditSigner }, logger),
    failedSignIns: new FailedSignInRecorder(storage, logger),
    socialProviders: new Map(),
    payments: createSandboxProvider({ storage, clock, randomBytes, origin: SETTINGS.origin }),
    keyLimiter: new RateLimiter(clock),
    uses,
    clicks: new ClickCounter(storage),
    logger,
    settings: { ...SETTINGS, ...settings },
  }
  return {
    context,
    storage,
    engine,
    statements,
    mails,
    logged,
    hasher,
    now: clock,
    advance: ms => {
      now += ms
    },
    signUp: async () => {
      const id = context.newId()
      await storage.users.insert({ ...userRow(id), email: `${id}@example.com`.toLowerCase() })
      const device = { ipAddress: '127.0.0.1', userAgent: 'test' }
      const { session } = await createSession(context, storage, id, device, true)
      return {
        kind: 'session',
        userId: id,
        credentialId: session.id,
        scopes: SCOPES as readonly Scope[],
        pinnedOrganizationId: null,
        session,
        isFresh: true,
        isRenewed: false,
      }
    },
    foundOrganization: async members => {
      const id = context.newId()
      const dates = { created_at: now, updated_at: now }
      await engine.db
        .insertInto('organizations')
        .values({ id, name: id, slug: id.toLowerCase(), mfa_required_at: null, mfa_grace_days: 7, ...dates })
        .execute()
      for (const [user_id, role] of Object.entries(members)) {
        const row = { organization_id: id, id: context.newId(), user_id, role, ...dates }
        await engine.db.insertInto('memberships').values(row).execute()
      }
      return id
    },
    createKey: (maker, input = {}) =>
      createApiKey(context, actorOf(maker), {
        name: 'test key',
        expiresInSeconds: null,
        format: 'ba',
        scopes: maker.scopes,
        permissions: null,
        metadata: null,
        ...input,
      }),
    principalOf: key => resolveApiKey(context, key, KEY_FORMAT_NAMES),
    isAccepted: key =>
      resolveApiKey(context, key, KEY_FORMAT_NAMES).then(
        () => true,
        () => false,
      ),
  }
}
