import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Actor } from '../principals/actor'
import { withUserLocked } from '../with-user-locked'
import { lockHomeOrganization } from './lock-home-organization'

/**
 * Ends the access token that the actor came with, and all that came of the same sign-in, from the next request on.
 * @throws DomainError NO_PERMISSIONS to whoever came with something else
 */
export const revokeTokenFamily = async (context: DomainContext, actor: Actor): Promise<void> => {
  const { principal } = actor
  if (principal.kind !== 'accessToken') {
    throw new DomainError('NO_PERMISSIONS', {
      message:
        'Only an access token can be ended here: send it as `Authorization: Bearer`. Keys are revoked by a signed-in session',
    })
  }
  const { userId, credentialId: familyId } = principal
  await withUserLocked(context, userId, async stores => {
    if (!(await stores.tokenFamilies.end(familyId, context.clock()))) return
    const organizationId = await lockHomeOrganization(stores, userId)
    if (organizationId === undefined) return
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'token_family.revoked',
      resource: { type: 'token_family', id: familyId },
    })
  })
  context.logger.info({ event: 'token_family.revoked', userId, familyId }, 'tokens revoked')
}
