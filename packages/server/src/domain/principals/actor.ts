import type { IdempotencyClaim } from '../idempotency/idempotency-claim'
import type { Device } from '../sessions/create-session'
import type { Principal } from './principal'

/** Who acts, from where, and in which request: what the audit log tells of an act. */
export interface Actor<P extends Principal = Principal> {
  readonly principal: P
  readonly device: Device
  readonly requestId: string
  /** Settled in the transaction of the act, if the request carried an Idempotency-Key. */
  readonly claim: IdempotencyClaim | undefined
}
