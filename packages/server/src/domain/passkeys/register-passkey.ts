import type { Stores } from '../../storage/storage'
import type { PasskeyRow } from '../../storage/stores/passkey-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import { putSecurityNotice } from '../accounts/put-security-notice'
import { describeDevice } from '../devices/describe-device'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import type { Device } from '../sessions/create-session'
import { withUserLocked } from '../with-user-locked'
import { assertRoomForPasskey } from './begin-registration'
import { isDecoyId } from './decoy-credentials'
import { takeRegistrationChallenge } from './passkey-challenge'
import { type NewCredential, type RegistrationAnswer, verifyRegistration } from './verify-registration'

const MAX_NAME = 100

export interface NewPasskey {
  readonly answer: RegistrationAnswer
  /** Undefined: it is named for the device that it is made on. */
  readonly name: string | undefined
}

const defaultName = ({ userAgent }: Device): string =>
  `Passkey made with ${describeDevice(userAgent)}`.slice(0, MAX_NAME)

const verify = async (
  context: DomainContext,
  { userId }: SessionPrincipal,
  answer: RegistrationAnswer,
  challenge: string,
): Promise<NewCredential> => {
  const verdict = await verifyRegistration(context, answer, challenge)
  if (verdict.outcome === 'verified') return verdict.facts
  const { reason } = verdict
  context.logger.info({ event: 'passkey.registration_refused', userId, reason }, 'a passkey was refused')
  throw new DomainError('INVALID_TOKEN', { message: 'This passkey was not accepted; start again' })
}

const known = () =>
  new DomainError('CONFLICT', {
    message: 'This passkey is registered already',
    detail: { conflictField: 'response' },
  })

/** The session may have ended while the answer was checked. */
const assertStillSignedIn = async (
  { clock }: DomainContext,
  stores: Stores,
  { userId, session }: SessionPrincipal,
): Promise<void> => {
  const live = await stores.sessions.listLive(userId, clock())
  if (!live.some(({ id }) => id === session.id)) throw new DomainError('INVALID_OR_EXPIRED_TOKEN')
}

const insert = async (
  context: DomainContext,
  principal: SessionPrincipal,
  row: PasskeyRow,
): Promise<void> => {
  await withUserLocked(context, row.user_id, async stores => {
    await assertStillSignedIn(context, stores, principal)
    await assertRoomForPasskey(stores, row.user_id)
    const user = await stores.users.find(row.user_id)
    if (!user) throw new DomainError('INVALID_OR_EXPIRED_TOKEN')
    if (isDecoyId(context, row.credential_id)) throw known()
    await stores.passkeys.insert(row)
    await putSecurityNotice(context, stores, user, { kind: 'passkey-added', name: row.name })
  }).catch(error => {
    throw findUniqueViolation(error)?.columns.includes('credential_id') ? known() : error
  })
  context.mailer.wake()
}

/**
 * Takes in the passkey that the browser made. Its owner is told by mail.
 * @throws DomainError INVALID_TOKEN for a challenge that is over or another session's, and for anything that is wrong with
 *   the answer; CONFLICT for a passkey that some account has, or if this one has as many as it may;
 *   INVALID_OR_EXPIRED_TOKEN if the session has ended meanwhile
 */
export const registerPasskey = async (
  context: DomainContext,
  principal: SessionPrincipal,
  { answer, name }: NewPasskey,
  device: Device,
): Promise<PasskeyRow> => {
  const { clock, newId, logger } = context
  const challenge = await takeRegistrationChallenge(context, principal, answer.response.clientDataJSON)
  const credential = await verify(context, principal, answer, challenge)
  const { userId } = principal
  const row: PasskeyRow = {
    ...credential,
    id: newId(),
    user_id: userId,
    name: name ?? defaultName(device),
    created_at: clock(),
    last_used_at: null,
  }
  await insert(context, principal, row)
  logger.info(
    { event: 'passkey.registered', userId, passkeyId: row.id, by: principal.credentialId },
    'passkey registered',
  )
  return row
}
