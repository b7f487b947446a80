import type { DomainContext } from '../domain-context'
import { type PasswordProof, provePassword } from '../sign-in/prove-password'
import type { Visit } from '../sign-in/visit'
import { findConfirmedTwoFactor } from '../two-factor/confirmed-two-factor'
import { type IssuedTokens, issueTokens, openTokenFamily } from './issue-tokens'
import { createTokenChallenge, type TokenChallenge } from './token-challenge'

/**
 * Tokens for a password, or a challenge where a second factor is on: no device is trusted here.
 * @throws DomainError as `provePassword` does
 */
export const grantByPassword = async (
  context: DomainContext,
  proof: PasswordProof,
  visit: Visit,
): Promise<IssuedTokens | TokenChallenge> => {
  const granted = await provePassword(context, proof, visit, async (stores, user) =>
    (await findConfirmedTwoFactor(stores, user.id))
      ? createTokenChallenge(context, stores, user.id)
      : openTokenFamily(context, stores, user, visit),
  )
  return granted.outcome === 'granted' ? issueTokens(context, granted) : granted
}
