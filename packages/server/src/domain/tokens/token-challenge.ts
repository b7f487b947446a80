import { openText, sealText } from '../../sealing/seal-text'
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
  readonly wrongCodes: number
}

/** Hands out a token with which a second factor can be proved, once and within 5 minutes. */
export const createTokenChallenge = async (
  context: DomainContext,
  stores: Stores,
  userId: string,
): Promise<TokenChallenge> => {
  const { clock, newId, randomBytes } = context
  const now = clock()
  const id = newId()
  const challengeToken = `${PREFIX}${randomBytes(32).toString('base64url')}`
  await stores.challenges.insert({
    id,
    kind: KIND,
    user_id: userId,
    session_id: null,
    token_hash: hashSecret(challengeToken),
    sealed_data: sealCount(context, id, 0),
    created_at: now,
    expires_at: now + VALID_FOR_MS,
  })
  return { outcome: 'second-factor-needed', challengeToken }
}

const sealCount = ({ secrets }: DomainContext, id: string, wrongCodes: number): string =>
  sealText(JSON.stringify({ wrongCodes }), { key: secrets.sealingKey, context: id })

/** Looks without using it up. */
export const findTokenChallenge = async (
  { clock, secrets }: DomainContext,
  { challenges }: Pick<Stores, 'challenges'>,
  challengeToken: string,
): Promise<FoundTokenChallenge | undefined> => {
  const row = await challenges.findLive(KIND, hashSecret(challengeToken), clock())
  if (!row?.user_id || row.sealed_data === null) return undefined
  const { wrongCodes } = JSON.parse(
    openText(row.sealed_data, { key: secrets.sealingKey, context: row.id }),
  ) as { wrongCodes: number }
  return { id: row.id, userId: row.user_id, wrongCodes }
}

/** Uses it up. */
export const takeTokenChallenge = async (
  { clock }: DomainContext,
  { challenges }: Pick<Stores, 'challenges'>,
  challengeToken: string,
): Promise<void> => {
  await challenges.take(KIND, hashSecret(challengeToken), clock())
}

/** Counts a wrong code; the fifth one ends it. Call with the user locked, with the challenge as found under the lock. */
export const countWrongCode = async (
  context: DomainContext,
  stores: Pick<Stores, 'challenges'>,
  { id, wrongCodes }: FoundTokenChallenge,
  challengeToken: string,
): Promise<void> => {
  if (wrongCodes + 1 >= MAX_WRONG_CODES) return takeTokenChallenge(context, stores, challengeToken)
  await stores.challenges.updateData(id, sealCount(context, id, wrongCodes + 1))
}
