import type { SnipyChallenge, SnipyTokens } from '@snoop/sdk/contract'
import type { IssuedTokens } from '../../domain/tokens/issue-tokens'
import type { TokenChallenge } from '../../domain/tokens/token-challenge'

export const presentTokens = ({
  accessToken,
  refreshToken,
  expiresInSeconds,
}: IssuedTokens): SnipyTokens => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  expires_in: expiresInSeconds,
  token_type: 'Bearer',
})

/** In the envelope, unlike the tokens. */
export const presentTokenChallenge = ({ challengeToken }: TokenChallenge): SnipyChallenge => ({
  error: 0,
  data: { twofa_required: true, challenge_token: challengeToken },
})
