import type { DomainContext } from '../domain-context'

/** Loaded with the first token: a start is not to wait for it. */
const loadJose = () => import('jose')

/** HS256 alone, whatever a token says of itself (RFC 8725, 3.1). */
const ALGORITHM = 'HS256'

/** RFC 8725, 3.8 and 3.9: made by this server, for this surface. */
const partiesOf = ({ settings: { origin } }: Pick<DomainContext, 'settings'>) => ({
  issuer: origin,
  audience: `${origin}/api`,
})

/** What an access token says. */
export interface AccessTokenClaims {
  readonly userId: string
  /** Id of the refresh token that came with it. */
  readonly tokenId: string
  /** Milliseconds since 1970; whole seconds. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Makes a JWT (RFC 7519) that anybody can read and this server alone can make. */
export const signAccessToken = async (
  context: Pick<DomainContext, 'settings' | 'secrets'>,
  { userId, tokenId, issuedAt, expiresAt }: AccessTokenClaims,
): Promise<string> => {
  const { issuer, audience } = partiesOf(context)
  const { SignJWT } = await loadJose()
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(userId)
    .setAudience(audience)
    .setIssuedAt(issuedAt / 1000)
    .setExpirationTime(expiresAt / 1000)
    .setJti(tokenId)
    .sign(context.secrets.tokenKey)
}

/**
 * Reads a token that this server signed and whose time is not over.
 * @returns undefined for any other text
 */
export const readAccessToken = async (
  context: Pick<DomainContext, 'settings' | 'secrets' | 'clock'>,
  token: string,
): Promise<Pick<AccessTokenClaims, 'userId' | 'tokenId'> | undefined> => {
  const { jwtVerify } = await loadJose()
  const { payload } = await jwtVerify(token, context.secrets.tokenKey, {
    ...partiesOf(context),
    algorithms: [ALGORITHM],
    typ: 'JWT',
    requiredClaims: ['sub', 'iat', 'exp', 'jti'],
    currentDate: new Date(context.clock()),
  }).catch(() => ({ payload: undefined }))
  if (typeof payload?.sub !== 'string' || typeof payload.jti !== 'string') return undefined
  return { userId: payload.sub, tokenId: payload.jti }
}
