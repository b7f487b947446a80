import type { SessionPrincipal } from '../principals/principal'
import type { Device } from '../sessions/create-session'

/** Who comes to sign in, as far as the request tells without a proof. */
export interface Visit {
  readonly device: Device
  /** From the device's cookie. */
  readonly deviceToken: string | undefined
  /** The live session whose cookie came along, of whichever account. */
  readonly session: SessionPrincipal | undefined
  readonly requestId: string
}
