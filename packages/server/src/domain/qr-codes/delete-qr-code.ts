import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { qrCodeNotFound } from './qr-code-not-found'

/** Its short link goes with it. @throws DomainError NOT_FOUND, FORBIDDEN */
export const deleteQrCode = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  number: number,
): Promise<void> => {
  const { userId, credentialId } = actor.principal
  await withMembershipLocked(context, organizationId, userId, async stores => {
    const linkNumber = await stores.qrCodes.delete(organizationId, number)
    if (linkNumber === undefined) throw qrCodeNotFound()
    await stores.links.delete(organizationId, linkNumber)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'qr_code.deleted',
      resource: { type: 'qr_code', id: String(number) },
    })
  })
  context.logger.info(
    { event: 'qr_code.deleted', organizationId, qrCode: number, by: credentialId },
    'QR code deleted',
  )
}
