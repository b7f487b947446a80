import type { QrDesign } from '@snoop/sdk/contract'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { checkTarget } from '../short-links/check-target'
import { shortUrl } from '../short-links/short-link'
import { layOutCode } from './lay-out'
import { cleanLogo, type QrCode } from './qr-code'
import { qrCodeNotFound } from './qr-code-not-found'

/** What is undefined stays; of the design a logo that is null goes. */
export interface QrCodeChange {
  readonly name?: string | undefined
  readonly longUrl?: string | undefined
  readonly design?: { readonly [Field in keyof QrDesign]?: QrDesign[Field] | undefined }
}

const given = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Field in keyof Fields]?: Exclude<Fields[Field], undefined>
  }

/** Any member may. Images that are out already lead to the new target. @throws DomainError NOT_FOUND, VALIDATION_ERROR, FORBIDDEN */
export const updateQrCode = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  number: number,
  { name, longUrl, design = {} }: QrCodeChange,
): Promise<QrCode> => {
  const { clock, logger } = context
  const { userId, credentialId } = actor.principal
  if (longUrl !== undefined) checkTarget(context, longUrl)
  const logo = design.logo === undefined ? undefined : await cleanLogo(design.logo)
  const newDesign = given({ ...design, logo })
  const now = clock()
  const changed = await withMembershipLocked(context, organizationId, userId, async stores => {
    const found = await stores.qrCodes.findWithDesign(organizationId, number)
    if (!found) throw qrCodeNotFound()
    const { design: designBefore, ...qrCode } = found
    const merged: QrDesign = { ...JSON.parse(designBefore), ...newDesign }
    await layOutCode(shortUrl(context, qrCode.alias), merged)
    const columns = { name: name ?? qrCode.name, updated_at: now }
    await stores.qrCodes.update(organizationId, number, { ...columns, design: JSON.stringify(merged) })
    if (longUrl !== undefined)
      await stores.links.update(organizationId, qrCode.link_number, { long_url: longUrl, updated_at: now })
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'qr_code.updated',
      resource: { type: 'qr_code', id: String(number) },
      details: { fields: Object.keys(given({ name, url: longUrl, ...newDesign })) },
    })
    return { ...qrCode, ...columns, long_url: longUrl ?? qrCode.long_url }
  })
  logger.info(
    { event: 'qr_code.updated', organizationId, qrCode: number, by: credentialId },
    'QR code updated',
  )
  return changed
}
