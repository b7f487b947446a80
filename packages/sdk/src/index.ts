export type { AuditFinding, AuditFindingKind } from './client/audit/audit-findings'
export type { AuditAnchor, AuditVerification } from './client/audit/audit-verifier'
export type {
  ApiPromise,
  CallOptions,
  ClientOptions,
  FileData,
  Lines,
  ListPromise,
  Page,
  RawRequestOptions,
  RawResponse,
  ResponseInfo,
  RetryOptions,
  SnoopClient,
} from './client/client-types'
export { type CookieJar, createCookieJar, type SnoopCookieJar, serializeCookieJar } from './client/cookie-jar'
export { createClient } from './client/create-client'
export type { Transport, TransportRequest, TransportResponse } from './client/transport'
export { type AuditLogToVerify, verifyAuditLog } from './client/verify-audit-log'
export type {
  AccountExport,
  ApiKey,
  ApiKeyState,
  ApiKeyVerification,
  AuditAction,
  AuditChain,
  AuditEntry,
  AuditResource,
  BillingSettings,
  Checkout,
  CreatedApiKey,
  Device,
  EndpointData,
  EndpointInput,
  Invitation,
  InvitationPreview,
  LoginEvent,
  Member,
  MemberCompliance,
  MfaPolicy,
  MfaPolicyChange,
  MyMembership,
  Organization,
  PageMeta,
  Passkey,
  PaymentResult,
  PermissionMap,
  Project,
  Resource,
  ResourceDefinition,
  Row,
  Screenshot,
  Session,
  SignedIn,
  SignInResult,
  SnipyQr,
  SnipyTokens,
  SnipyUrl,
  Subscription,
  TwoFactorChallenge,
  Usage,
  User,
  VerificationCode,
  Website,
} from './contract'
export * from './contract/error-catalogue'
export { RATE_LIMIT_GROUPS, type RateLimitGroup } from './contract/rate-limit-groups'
export * from './contract/vocabulary'
export * from './errors'
