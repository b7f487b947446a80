import type { SecondFactor, SignInMethod } from '@snoop/sdk/contract'
import { openText, sealText } from '../../sealing/seal-text'
import type { Stores } from '../../storage/storage'
import type { ChallengeRow } from '../../storage/stores/challenge-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'

const KIND = 'two-factor'
const VALID_FOR_MS = 10 * 60 * 1000

/** A sign-in whose first factor was proved. */
export interface PendingSignIn {
  readonly method: SignInMethod
  readonly remember: boolean
  readonly factors: readonly SecondFactor[]
}

/** What is handed out instead of a session. */
export interface SecondFactorNeeded {
  readonly outcome: 'second-factor-needed'
  readonly challengeToken: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly factors: readonly SecondFactor[]
}

/** A pending sign-in as it was found by its token. */
export interface FoundSignIn extends PendingSignIn {
  readonly userId: string
  readonly challengeId: string
}

/** Hands out a token with which a second factor can be proved within 10 minutes. */
export const createSecondFactorChallenge = async (
  { clock, newId, randomBytes, secrets }: DomainContext,
  stores: Stores,
  userId: string,
  pending: PendingSignIn,
): Promise<SecondFactorNeeded> => {
  const now = clock()
  const id = newId()
  const challengeToken = randomBytes(32).toString('base64url')
  await stores.challenges.insert({
    id,
    kind: KIND,
    user_id: userId,
    session_id: null,
    token_hash: hashSecret(challengeToken),
    sealed_data: sealText(JSON.stringify(pending), { key: secrets.sealingKey, context: id }),
    created_at: now,
    expires_at: now + VALID_FOR_MS,
  })
  const { factors } = pending
  return { outcome: 'second-factor-needed', challengeToken, expiresAt: now + VALID_FOR_MS, factors }
}

const readChallenge = ({ secrets }: DomainContext, row: ChallengeRow | undefined): FoundSignIn => {
  if (!row?.user_id || row.sealed_data === null) throw expired()
  const pending = JSON.parse(
    openText(row.sealed_data, { key: secrets.sealingKey, context: row.id }),
  ) as PendingSignIn
  return { ...pending, userId: row.user_id, challengeId: row.id }
}

const expired = () =>
  new DomainError('INVALID_TOKEN', { message: 'This sign-in has expired or is over; sign in again' })

/** Looks without using it up. @throws DomainError INVALID_TOKEN */
export const findSecondFactorChallenge = async (
  context: DomainContext,
  challengeToken: string,
): Promise<FoundSignIn> => {
  const { storage, clock } = context
  const row = await storage.challenges.findLive(KIND, hashSecret(challengeToken), clock())
  return readChallenge(context, row)
}

/** Uses it up: of two at the same time one succeeds. @throws DomainError INVALID_TOKEN */
export const takeSecondFactorChallenge = async (
  context: DomainContext,
  stores: Stores,
  challengeToken: string,
): Promise<FoundSignIn> =>
  readChallenge(context, await stores.challenges.take(KIND, hashSecret(challengeToken), context.clock()))
