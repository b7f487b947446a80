import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { hashSecret } from '../secret-hash'

const KIND = 'token-two-factor'
const PREFIX = 'ch_'
const VALID_FOR_MS = 5 * 60 * 1000
const MAX_WRONG_CODES = 5

/** Handed out in place of tokens: the password was right, and a second factor is on. */
export interface TokenChallenge {
  readonly outcome: 'second-factor-needed'
  readonly challengeToken: string
}

/** A challenge that waits for its code. */
export interface FoundTokenChallenge {
  readonly id: string
  readonly userId: string
}

/** Hands out a token with which a second factor can be proved, once and within 5 minutes. */
export const createTokenChallenge = async (
  { clock, newId, randomBytes }: DomainContext,
  stores: Stores,
  userId: string,
): Promise<TokenChallenge> => {
  const now = clock()
  const challengeToken = `${PREFIX}${randomBytes(32).toString('base64url')}`
  await stores.challenges.insert({
    id: newId(),
    kind: KIND,
    user_id: userId,
    session_id: null,
    token_hash: hashSecret(challengeToken),
    sealed_data: null,
    created_at: now,
    expires_at: now + VALID_FOR_MS,
  })
  return { outcome: 'second-factor-needed', challengeToken }
}

/** Looks without using it up. */
export const findTokenChallenge = async (
  { clock }: DomainContext,
  { challenges }: Pick<Stores, 'challenges'>,
  challengeToken: string,
): Promise<FoundTokenChallenge | undefined> => {
  const row = await challenges.findLive(KIND, hashSecret(challengeToken), clock())
  return row?.user_id ? { id: row.id, userId: row.user_id } : undefined
}

/** Uses it up. */
export const takeTokenChallenge = async (
  { clock }: DomainContext,
  { challenges }: Pick<Stores, 'challenges'>,
  challengeToken: string,
): Promise<void> => {
  await challenges.take(KIND, hashSecret(challengeToken), clock())
}

/** Counts a wrong code; the fifth one ends it. */
export const countWrongCode = async (
  context: DomainContext,
  stores: Pick<Stores, 'challenges'>,
  challengeToken: string,
): Promise<void> => {
  const wrongCodes = await stores.challenges.addWrongCode(KIND, hashSecret(challengeToken), context.clock())
  if (wrongCodes !== undefined && wrongCodes >= MAX_WRONG_CODES)
    await takeTokenChallenge(context, stores, challengeToken)
}
