import type { Kysely } from 'kysely'
import type { StorageEngine } from './engine'
import { type HotQueries, prepareHotQueries } from './hot-queries'
import type { Database } from './schema'
import { ApiKeyStore } from './stores/api-key-store'
import { AuditLogStore } from './stores/audit-log-store'
import { BillingSettingsStore } from './stores/billing-settings-store'
import { ChallengeStore } from './stores/challenge-store'
import { CheckoutStore } from './stores/checkout-store'
import { CreditEntryStore } from './stores/credit-entry-store'
import { DeviceStore } from './stores/device-store'
import { GuessCounterStore } from './stores/guess-counter-store'
import { IdempotencyClaimStore } from './stores/idempotency-claim-store'
import { InstanceCheckStore } from './stores/instance-check-store'
import { InvitationStore } from './stores/invitation-store'
import { LinkStore } from './stores/link-store'
import { LinkTokenStore } from './stores/link-token-store'
import { LoginEventStore } from './stores/login-event-store'
import { MailRequestStore } from './stores/mail-request-store'
import { MembershipStore } from './stores/membership-store'
import { MfaPolicyStore } from './stores/mfa-policy-store'
import { NativeRowStore } from './stores/native-row-store'
import { NumberSequenceStore } from './stores/number-sequence-store'
import { OrganizationStore } from './stores/organization-store'
import { OutboxStore } from './stores/outbox-store'
import { PasskeyStore } from './stores/passkey-store'
import { PaymentEventStore } from './stores/payment-event-store'
import { ProjectStore } from './stores/project-store'
import { QrCodeStore } from './stores/qr-code-store'
import { ResourceRowStore } from './stores/resource-row-store'
import { ResourceStore } from './stores/resource-store'
import { ScreenshotStore } from './stores/screenshot-store'
import { SessionStore } from './stores/session-store'
import { SocialAccountStore } from './stores/social-account-store'
import { SubscriptionStore } from './stores/subscription-store'
import { TokenFamilyStore } from './stores/token-family-store'
import { TwoFactorStore } from './stores/two-factor-store'
import { UserStore } from './stores/user-store'
import { WebsiteStore } from './stores/website-store'

export interface Stores {
  readonly users: UserStore
  readonly organizations: OrganizationStore
  readonly sessions: SessionStore
  readonly linkTokens: LinkTokenStore
  readonly apiKeys: ApiKeyStore
  readonly projects: ProjectStore
  readonly outbox: OutboxStore
  readonly mailRequests: MailRequestStore
  readonly challenges: ChallengeStore
  readonly twoFactors: TwoFactorStore
  readonly passkeys: PasskeyStore
  readonly socialAccounts: SocialAccountStore
  readonly devices: DeviceStore
  readonly loginEvents: LoginEventStore
  readonly guessCounters: GuessCounterStore
  readonly instanceChecks: InstanceCheckStore
  readonly auditLogs: AuditLogStore
  readonly billingSettings: BillingSettingsStore
  readonly checkouts: CheckoutStore
  readonly creditEntries: CreditEntryStore
  readonly idempotencyClaims: IdempotencyClaimStore
  readonly invitations: InvitationStore
  readonly memberships: MembershipStore
  readonly mfaPolicies: MfaPolicyStore
  readonly paymentEvents: PaymentEventStore
  readonly subscriptions: SubscriptionStore
  readonly links: LinkStore
  readonly qrCodes: QrCodeStore
  readonly websites: WebsiteStore
  readonly screenshots: ScreenshotStore
  readonly resources: ResourceStore
  readonly resourceRows: ResourceRowStore
  readonly nativeRows: NativeRowStore
  readonly tokenFamilies: TokenFamilyStore
  readonly numberSequences: NumberSequenceStore
}

/** All stores over one database. */
export interface Storage extends Stores {
  readonly hot: HotQueries
  /** Runs `work` with stores that share one transaction: all of it is on disk when the promise resolves, or none. */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  ping(): Promise<void>
}

const createStores = (db: Kysely<Database>, engine: StorageEngine['name']): Stores => ({
  users: new UserStore(db),
  organizations: new OrganizationStore(db),
  sessions: new SessionStore(db),
  linkTokens: new LinkTokenStore(db),
  apiKeys: new ApiKeyStore(db),
  projects: new ProjectStore(db),
  outbox: new OutboxStore(db),
  mailRequests: new MailRequestStore(db),
  challenges: new ChallengeStore(db),
  twoFactors: new TwoFactorStore(db),
  passkeys: new PasskeyStore(db),
  socialAccounts: new SocialAccountStore(db),
  devices: new DeviceStore(db),
  loginEvents: new LoginEventStore(db),
  guessCounters: new GuessCounterStore(db),
  instanceChecks: new InstanceCheckStore(db),
  auditLogs: new AuditLogStore(db),
  billingSettings: new BillingSettingsStore(db),
  checkouts: new CheckoutStore(db),
  creditEntries: new CreditEntryStore(db),
  idempotencyClaims: new IdempotencyClaimStore(db),
  invitations: new InvitationStore(db),
  memberships: new MembershipStore(db),
  mfaPolicies: new MfaPolicyStore(db),
  paymentEvents: new PaymentEventStore(db),
  subscriptions: new SubscriptionStore(db),
  links: new LinkStore(db),
  qrCodes: new QrCodeStore(db),
  websites: new WebsiteStore(db),
  screenshots: new ScreenshotStore(db),
  resources: new ResourceStore(db),
  resourceRows: new ResourceRowStore(db, engine),
  nativeRows: new NativeRowStore(db, engine),
  tokenFamilies: new TokenFamilyStore(db),
  numberSequences: new NumberSequenceStore(db),
})

/** @param engine an engine whose migrations are done */
export const createStorage = (engine: StorageEngine): Storage => ({
  ...createStores(engine.db, engine.name),
  hot: prepareHotQueries(engine),
  transaction: work => engine.transaction(trx => work(createStores(trx, engine.name))),
  ping: () => engine.ping(),
})
