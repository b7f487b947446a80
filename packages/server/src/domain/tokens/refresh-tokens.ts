import type { Stores } from '../../storage/storage'
import type { TokenFamilyRow } from '../../storage/stores/token-family-store'
import { writeEntries } from '../audit/record-act'
import { keptUserAgent } from '../devices/kept-user-agent'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'
import type { Visit } from '../sign-in/visit'
import { withUserLocked } from '../with-user-locked'
import { addRefreshToken, type IssuedTokens, issueTokens, type PendingTokens } from './issue-tokens'
import { lockHomeOrganization } from './lock-home-organization'

type Refusal = { readonly outcome: 'refused' | 'reuse-detected' }

const invalid = (): DomainError =>
  new DomainError('INVALID_OR_EXPIRED_TOKEN', {
    message: 'This refresh token is invalid, expired or already used: sign in again with the password',
  })

/** Whose tokens they are, and from where the used one came: that need not be the same person. */
const reportReuse = async (
  context: DomainContext,
  stores: Stores,
  family: TokenFamilyRow,
  { device, requestId }: Visit,
): Promise<void> => {
  const organizationId = await lockHomeOrganization(stores, family.user_id)
  if (organizationId === undefined) return
  const by = {
    userId: family.user_id,
    credentialType: 'access_token',
    credentialId: family.id,
    ipAddress: device.ipAddress,
    userAgent: keptUserAgent(device),
    requestId,
  } as const
  await writeEntries(context, stores, organizationId, [
    {
      by,
      action: 'token_family.reuse_detected',
      outcome: 'refused',
      resource: { type: 'token_family', id: family.id },
    },
  ])
}

/** Called with the user locked. What is refused is no failure: the end of the family must stay. */
const rotate = async (
  context: DomainContext,
  stores: Stores,
  { id: familyId, user_id: userId }: TokenFamilyRow,
  tokenHash: string,
  visit: Visit,
): Promise<PendingTokens | Refusal> => {
  const now = context.clock()
  const family = await stores.tokenFamilies.findByRefreshToken(tokenHash)
  if (!family) return { outcome: 'refused' }
  if (await stores.tokenFamilies.useRefreshToken(tokenHash, now)) {
    const user = await stores.users.find(userId)
    if (!user?.is_active) throw new DomainError('USER_NOT_ACTIVE')
    return addRefreshToken(context, stores, family)
  }
  if (!(await stores.tokenFamilies.end(familyId, now))) return { outcome: 'refused' }
  await reportReuse(context, stores, family, visit)
  return { outcome: 'reuse-detected' }
}

/**
 * A new pair for a refresh token, which is then used up. A used one is in two hands: the whole family ends, and the audit
 * log of its user's home organization tells it (RFC 9700, 4.14.2). Of two uses at the same time the first gets a pair,
 * which the second one ends. The end of the family stays where it was.
 * @throws DomainError INVALID_OR_EXPIRED_TOKEN, USER_NOT_ACTIVE (the token is not used up then)
 */
export const refreshTokens = async (
  context: DomainContext,
  refreshToken: string,
  visit: Visit,
): Promise<IssuedTokens> => {
  const tokenHash = hashSecret(refreshToken)
  const family = await context.storage.tokenFamilies.findByRefreshToken(tokenHash)
  if (!family) throw invalid()
  const rotated = await withUserLocked(context, family.user_id, stores =>
    rotate(context, stores, family, tokenHash, visit),
  )
  if (rotated.outcome === 'granted') return issueTokens(context, rotated)
  if (rotated.outcome === 'reuse-detected') {
    context.logger.warn(
      {
        event: 'token_family.reuse_detected',
        userId: family.user_id,
        familyId: family.id,
        ipAddress: visit.device.ipAddress,
      },
      'a used refresh token came again: its family was ended',
    )
  }
  throw invalid()
}
