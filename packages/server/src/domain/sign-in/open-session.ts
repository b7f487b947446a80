import type { SignInMethod } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { DeviceRow } from '../../storage/stores/device-store'
import type { UserRow } from '../../storage/stores/user-store'
import { rememberDevice } from '../devices/known-device'
import type { DomainContext } from '../domain-context'
import { createSession, type OpenedSession } from '../sessions/create-session'
import { noteSignIn } from './note-sign-in'
import type { Visit } from './visit'

/** How somebody proved who they are, and what they asked for. */
export interface SignInProof {
  readonly method: SignInMethod
  /** False: the cookie ends with the browser. */
  readonly remember: boolean
  /** The device need not prove a second factor for 30 days. */
  readonly trustDevice: boolean
}

/** A session with its secret, and the secret of the device that it was opened from. */
export interface SignedIn {
  readonly outcome: 'signed-in'
  readonly opened: OpenedSession
  readonly deviceToken: string
}

/**
 * Opens a session for a user who has proved all that is asked for. Call with the user locked; wake the mailer after the
 * commit. The session whose cookie came along ends; a device that was not seen before is told about by mail.
 */
export const openSession = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  { method, remember, trustDevice }: SignInProof,
  visit: Visit,
  known: DeviceRow | undefined,
): Promise<SignedIn> => {
  const { clock, logger } = context
  const { session: replaced, device } = visit
  if (replaced) await stores.sessions.delete(replaced.userId, replaced.session.id, clock())
  await noteSignIn(context, stores, user, method, visit, known)
  const deviceToken = await rememberDevice(context, stores, user.id, visit, { known, trust: trustDevice })
  const opened = await createSession(context, stores, user.id, device, remember)
  logger.info(
    { event: 'account.signed_in', method, userId: user.id, sessionId: opened.session.id },
    'signed in',
  )
  return { outcome: 'signed-in', opened, deviceToken }
}
