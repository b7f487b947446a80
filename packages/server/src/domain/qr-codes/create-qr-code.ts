import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { retryOnCollision } from '../retry-on-collision'
import { randomAlias } from '../short-links/alias'
import { checkTarget } from '../short-links/check-target'
import { plainLink } from '../short-links/plain-link'
import { shortUrl } from '../short-links/short-link'
import { layOutCode } from './lay-out'
import { cleanLogo, type NewQrCode, type QrCode } from './qr-code'

/** Makes a QR code and the short link that it leads through. Any member may. @throws DomainError VALIDATION_ERROR, FORBIDDEN */
export const createQrCode = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  { name, longUrl, design: given }: NewQrCode,
): Promise<QrCode> => {
  const { clock, logger } = context
  const { userId, credentialId } = actor.principal
  checkTarget(context, longUrl)
  await layOutCode(shortUrl(context, randomAlias(context)), given)
  const design = { ...given, logo: await cleanLogo(given.logo) }
  const now = clock()
  const dates = { created_at: now, updated_at: now }
  const insert = () =>
    withMembershipLocked(context, organizationId, userId, async stores => {
      const linkNumber = await stores.numberSequences.next(organizationId, 'link')
      const number = await stores.numberSequences.next(organizationId, 'qr_code')
      const link = plainLink(randomAlias(context), longUrl)
      const qrCode = { organization_id: organizationId, number, name, link_number: linkNumber, ...dates }
      await stores.links.insert({
        ...link,
        organization_id: organizationId,
        number: linkNumber,
        is_qr: 1,
        ...dates,
      })
      await stores.qrCodes.insert({ ...qrCode, design: JSON.stringify(design) })
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'qr_code.created',
        resource: { type: 'qr_code', id: String(number) },
        details: { name },
      })
      return { ...qrCode, alias: link.alias, long_url: longUrl, clicks: link.clicks }
    })
  const qrCode = await retryOnCollision(['alias'], insert)
  logger.info(
    { event: 'qr_code.created', organizationId, qrCode: qrCode.number, by: credentialId },
    'QR code created',
  )
  return qrCode
}
