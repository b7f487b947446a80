import type { QrDesign } from '@snoop/sdk/contract'
import type { LinkedQrCodeRow } from '../../storage/stores/qr-code-store'
import { layOut } from './lay-out'

export type QrCode = LinkedQrCodeRow

/** What a caller says of a new QR code. */
export interface NewQrCode {
  readonly name: string
  readonly longUrl: string
  readonly design: QrDesign
}

/**
 * A design as it is kept: it can be drawn, and its logo holds nothing but pixels.
 * @param url what the image says
 * @throws DomainError VALIDATION_ERROR
 */
export const checkDesign = async (url: string, design: QrDesign): Promise<QrDesign> => {
  const { logo } = await layOut(url, design)
  return { ...design, logo: logo?.image.dataUrl ?? null }
}
