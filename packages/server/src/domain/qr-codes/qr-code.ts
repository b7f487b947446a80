import type { QrDesign } from '@snoop/sdk/contract'
import type { LinkedQrCodeRow } from '../../storage/stores/qr-code-store'
import { readLogo } from './read-logo'

export type QrCode = LinkedQrCodeRow

/** What a caller says of a new QR code. */
export interface NewQrCode {
  readonly name: string
  readonly longUrl: string
  readonly design: QrDesign
}

/**
 * A logo as it is kept: nothing but pixels. It is decoded, which takes a while: call it before any transaction.
 * @throws DomainError VALIDATION_ERROR
 */
export const cleanLogo = async (logo: string | null): Promise<string | null> =>
  logo === null ? null : (await readLogo(logo)).dataUrl
