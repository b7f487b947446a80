import type { IdempotencyClaim } from '../idempotency/idempotency-claim'
import type { Device } from '../sessions/create-session'
import type { PasswordOwner, Principal } from './principal'

/** Who acts, from where, and in which request: what the audit log tells of an act. */
export interface Actor<P extends Principal | PasswordOwner = Principal> {
  readonly principal: P
  readonly device: Device
  readonly requestId: string
  /** Settled in the transaction of the act, if the request carried an Idempotency-Key. */
  readonly claim: IdempotencyClaim | undefined
}

/** As `Actor`, also of acts that need no credential but a password. */
export type AnyActor = Actor<Principal | PasswordOwner>
