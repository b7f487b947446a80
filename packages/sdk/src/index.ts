export type {
  ApiPromise,
  CallOptions,
  ClientOptions,
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
export type {
  AccountExport,
  ApiKey,
  ApiKeyState,
  ApiKeyVerification,
  CreatedApiKey,
  Device,
  EndpointData,
  EndpointInput,
  LoginEvent,
  Member,
  MyMembership,
  Organization,
  PageMeta,
  Passkey,
  Project,
  Session,
  SignedIn,
  SignInResult,
  TwoFactorChallenge,
  User,
  VerificationCode,
} from './contract'
export * from './contract/error-catalogue'
export * from './contract/vocabulary'
export * from './errors'
