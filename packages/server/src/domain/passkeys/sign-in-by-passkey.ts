import type { PasskeyRow } from '../../storage/stores/passkey-store'
import { findKnownDevice } from '../devices/known-device'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { loginEvent } from '../login-history/login-event'
import { openSession, type SignedIn } from '../sign-in/open-session'
import type { Visit } from '../sign-in/visit'
import { withUserLocked } from '../with-user-locked'
import { findObjection } from './find-objection'
import { takeSignInChallenge } from './passkey-challenge'
import { type AssertionAnswer, type SignedFacts, verifyAssertion } from './verify-assertion'

export interface PasskeySignIn {
  readonly answer: AssertionAnswer
  /** False: the cookie ends with the browser. */
  readonly remember: boolean
}

/** One answer to all of it: nobody learns which passkeys there are. */
const refuse = (
  context: DomainContext,
  passkey: PasskeyRow | undefined,
  { device }: Visit,
  reason: string,
): DomainError => {
  const { failedSignIns, logger } = context
  const userId = passkey?.user_id
  if (userId) failedSignIns.record(loginEvent(context, userId, 'passkey', device, false))
  logger.info(
    { event: 'account.sign_in_failed', userId, ipAddress: device.ipAddress, reason },
    'sign-in failed',
  )
  return new DomainError('INVALID_CREDENTIALS', {
    message: 'This passkey was not accepted; try again, or sign in another way',
  })
}

const warnOfCopy = ({ logger }: DomainContext, passkey: PasskeyRow, facts: SignedFacts): void => {
  const counts = { storedCount: passkey.signature_count, signedCount: facts.signature_count }
  logger.warn(
    { event: 'passkey.count_went_back', userId: passkey.user_id, passkeyId: passkey.id, ...counts },
    'a passkey counted back: there may be a copy of it',
  )
}

/** Opens the session, if the passkey is still there and nobody used it meanwhile. */
const enter = (
  context: DomainContext,
  passkey: PasskeyRow,
  { signature_count, backed_up }: SignedFacts,
  remember: boolean,
  visit: Visit,
): Promise<SignedIn> =>
  withUserLocked(context, passkey.user_id, async stores => {
    const user = await stores.users.find(passkey.user_id)
    const use = { signature_count, backed_up, last_used_at: context.clock() }
    if (!user || !(await stores.passkeys.markUsed(passkey, use)))
      throw refuse(context, passkey, visit, 'used or removed meanwhile')
    if (user.is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
    const known = await findKnownDevice(context, stores, user.id, visit)
    return openSession(
      context,
      stores,
      user,
      { method: 'passkey', remember, trustDevice: false },
      visit,
      known,
    )
  })

/**
 * Signs in by what a passkey signed. It stands for both factors: the passkey itself, and the finger or PIN that it asked
 * for. Wrong passwords that others tried do not keep it out.
 * @throws DomainError INVALID_TOKEN for a challenge that is over; INVALID_CREDENTIALS; USER_NOT_ACTIVE (only after the
 *   right signature)
 */
export const signInByPasskey = async (
  context: DomainContext,
  { answer, remember }: PasskeySignIn,
  visit: Visit,
): Promise<SignedIn> => {
  const { challenge, signer } = await takeSignInChallenge(context, answer.response.clientDataJSON)
  const passkey = await context.storage.passkeys.findByCredentialId(answer.id)
  const verdict = await verifyAssertion(context, answer, challenge, passkey)
  if (verdict.outcome === 'refused') throw refuse(context, passkey, visit, verdict.reason)
  if (!passkey) throw refuse(context, undefined, visit, 'unknown passkey')
  const { facts } = verdict
  const objection = findObjection(passkey, signer, answer.response.userHandle ?? undefined, facts)
  if (objection === 'signature-count') warnOfCopy(context, passkey, facts)
  if (objection) throw refuse(context, passkey, visit, objection)
  const signedIn = await enter(context, passkey, facts, remember, visit)
  context.mailer.wake()
  return signedIn
}
