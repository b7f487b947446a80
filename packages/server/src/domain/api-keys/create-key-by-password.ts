import type { PermissionMap } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { CODE_POLICY } from '../guesses/decide-guess'
import { secondFactorSubject, takeGuess } from '../guesses/take-guess'
import { passwordHashOf } from '../passwords/password-hash-of'
import type { PasswordOwner } from '../principals/principal'
import { noteSignIn } from '../sign-in/note-sign-in'
import { noteWrongCode } from '../sign-in/note-wrong-code'
import { provePassword } from '../sign-in/prove-password'
import type { Visit } from '../sign-in/visit'
import { type ConfirmedTwoFactor, findConfirmedTwoFactor } from '../two-factor/confirmed-two-factor'
import { readCode, WRONG_CODE } from '../two-factor/read-code'
import { useSecondFactor } from '../two-factor/use-second-factor'
import { withActiveUserLocked } from '../with-active-user-locked'
import { createApiKey } from './create-api-key'

export interface KeyByPassword {
  readonly email: string
  readonly password: string
  /** Of the authenticator app, or a backup code. */
  readonly code: string | undefined
  readonly name: string
  readonly expiresInSeconds: number | null
  readonly permissions: PermissionMap | null
}

const codeRefused = (message: string, error: string): DomainError =>
  new DomainError('INVALID_CREDENTIALS', { message, detail: { fields: [{ field: 'code', error }] } })

/** @throws DomainError INVALID_CREDENTIALS, RATE_LIMIT_ERROR, USER_NOT_ACTIVE */
const proveCode = async (
  context: DomainContext,
  userId: string,
  code: string | undefined,
  visit: Visit,
): Promise<void> => {
  if (code === undefined) {
    throw codeRefused(
      'This account has two-factor authentication: send `code` too, six digits of the authenticator app or a backup code',
      'Required',
    )
  }
  const subject = secondFactorSubject(context, userId)
  await takeGuess(context, subject, CODE_POLICY)
  const isRight = await withActiveUserLocked(context, userId, async (stores, user) => {
    const twoFactor = await findConfirmedTwoFactor(stores, userId)
    const proof = readCode(code)
    // Codes by mail belong to a sign-in that asked for one, and none did.
    if (twoFactor && !(await useSecondFactor(context, stores, twoFactor, proof, undefined))) return false
    await stores.guessCounters.delete([subject])
    await noteSignIn(context, stores, user, 'password', visit, undefined)
    return true
  })
  if (isRight) return
  noteWrongCode(context, userId, 'password', visit)
  throw codeRefused(WRONG_CODE, 'Wrong, expired or already used')
}

/** What was proved, as it was then. */
interface Proof {
  readonly userId: string
  readonly passwordHash: string | undefined
  readonly twoFactor: ConfirmedTwoFactor | undefined
}

/**
 * Whoever resets a password or turns a second factor on shuts out who knows the old one: no key may come of that after it.
 * @throws DomainError INVALID_CREDENTIALS, as for a wrong password
 */
const assertStillProved = async (stores: Stores, user: UserRow | undefined, proof: Proof): Promise<void> => {
  const twoFactor = await findConfirmedTwoFactor(stores, proof.userId)
  const isSame =
    passwordHashOf(user) === proof.passwordHash &&
    twoFactor?.confirmed_at === proof.twoFactor?.confirmed_at &&
    twoFactor?.sealed_secret === proof.twoFactor?.sealed_secret
  if (!isSame) throw new DomainError('INVALID_CREDENTIALS')
}

/**
 * Makes a key of the format `sna` for whoever proves to be the owner of an account: with the lock-out and the login history
 * of a sign-in. Each wrong code counts as a guess at the second factor. No device is trusted here.
 * @returns the secret, which exists nowhere else
 * @throws DomainError INVALID_CREDENTIALS, with the field `code` if that is missing or wrong, and without if password or second
 *   factor change before the key is written; USER_NOT_ACTIVE; RATE_LIMIT_ERROR after many failures; what `createApiKey` throws
 */
export const createKeyByPassword = async (
  context: DomainContext,
  { email, password, code, ...input }: KeyByPassword,
  visit: Visit,
): Promise<string> => {
  const proof: Proof = await provePassword(
    context,
    { identifier: email, password },
    visit,
    async (stores, { id: userId }) => {
      // Read again: a hash that was too weak has just been replaced.
      const user = await stores.users.find(userId)
      const twoFactor = await findConfirmedTwoFactor(stores, userId)
      if (user && !twoFactor) await noteSignIn(context, stores, user, 'password', visit, undefined)
      return { userId, passwordHash: passwordHashOf(user), twoFactor }
    },
  )
  const { userId } = proof
  if (proof.twoFactor) await proveCode(context, userId, code, visit)
  const { device, requestId } = visit
  const principal: PasswordOwner = {
    kind: 'password',
    userId,
    credentialId: null,
    pinnedOrganizationId: null,
  }
  const actor = { principal, device, requestId, claim: undefined }
  const key = { ...input, format: 'sna', scopes: [], metadata: null } as const
  const issued = await createApiKey(context, actor, key, (stores, user) =>
    assertStillProved(stores, user, proof),
  )
  return issued.key
}
