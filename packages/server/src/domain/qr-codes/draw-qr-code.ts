import type { DomainContext } from '../domain-context'
import { shortUrl } from '../short-links/short-link'
import { drawPng } from './draw-png'
import { drawSvg } from './draw-svg'
import { layOut } from './lay-out'
import { qrCodeNotFound } from './qr-code-not-found'

const DRAW = { png: drawPng, svg: drawSvg } as const

/** The image of a QR code. @throws DomainError NOT_FOUND */
export const drawQrCode = async (
  context: DomainContext,
  organizationId: string,
  number: number,
  format: keyof typeof DRAW,
): Promise<Uint8Array> => {
  const qrCode = await context.storage.qrCodes.findWithDesign(organizationId, number)
  if (!qrCode) throw qrCodeNotFound()
  return DRAW[format](await layOut(shortUrl(context, qrCode.alias), JSON.parse(qrCode.design)))
}
