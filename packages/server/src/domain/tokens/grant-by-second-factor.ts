import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { CODE_POLICY } from '../guesses/decide-guess'
import { secondFactorSubject, takeGuess } from '../guesses/take-guess'
import { noteWrongCode } from '../sign-in/note-wrong-code'
import type { Visit } from '../sign-in/visit'
import { findConfirmedTwoFactor } from '../two-factor/confirmed-two-factor'
import { readCode, WRONG_CODE } from '../two-factor/read-code'
import { useSecondFactor } from '../two-factor/use-second-factor'
import { withActiveUserLocked } from '../with-active-user-locked'
import { type IssuedTokens, issueTokens, openTokenFamily, type PendingTokens } from './issue-tokens'
import { countWrongCode, findTokenChallenge, takeTokenChallenge } from './token-challenge'

export interface ChallengeAnswer {
  readonly challengeToken: string
  /** Six digits of the authenticator app, or a backup code. */
  readonly code: string
}

type Refusal = { readonly outcome: 'over' } | { readonly outcome: 'wrong' }

const isOver = (): DomainError =>
  new DomainError('INVALID_CREDENTIALS', {
    message: 'This challenge has expired, was used or had five wrong codes: begin again with the password',
  })

const isWrong = (): DomainError =>
  new DomainError('INVALID_CREDENTIALS', {
    message: WRONG_CODE,
  })

/** Called with the user locked. What is refused is no failure: the wrong code must stay counted. */
const judge = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  { challengeToken, code }: ChallengeAnswer,
  visit: Visit,
): Promise<PendingTokens | Refusal> => {
  const challenge = await findTokenChallenge(context, stores, challengeToken)
  const twoFactor = await findConfirmedTwoFactor(stores, user.id)
  if (!challenge || !twoFactor) return { outcome: 'over' }
  if (!(await useSecondFactor(context, stores, twoFactor, readCode(code), challenge.id))) {
    await countWrongCode(context, stores, challengeToken)
    return { outcome: 'wrong' }
  }
  await takeTokenChallenge(context, stores, challengeToken)
  await stores.guessCounters.delete([secondFactorSubject(context, user.id)])
  return openTokenFamily(context, stores, user, visit)
}

/**
 * Tokens for the second factor of a challenge. Every code counts as a guess at the account before it is checked, and the
 * fifth wrong one ends the challenge, wherever they came from.
 * @throws DomainError INVALID_CREDENTIALS, USER_NOT_ACTIVE, RATE_LIMIT_ERROR after five failures
 */
export const grantBySecondFactor = async (
  context: DomainContext,
  answer: ChallengeAnswer,
  visit: Visit,
): Promise<IssuedTokens> => {
  const found = await findTokenChallenge(context, context.storage, answer.challengeToken)
  if (!found) throw isOver()
  const { userId } = found
  await takeGuess(context, secondFactorSubject(context, userId), CODE_POLICY)
  const judged = await withActiveUserLocked(context, userId, (stores, user) =>
    judge(context, stores, user, answer, visit),
  )
  if (judged.outcome === 'over') throw isOver()
  if (judged.outcome === 'wrong') {
    noteWrongCode(context, userId, 'password', visit)
    throw isWrong()
  }
  context.mailer.wake()
  return issueTokens(context, judged)
}
