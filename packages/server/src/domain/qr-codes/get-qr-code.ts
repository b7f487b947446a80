import type { DomainContext } from '../domain-context'
import type { QrCode } from './qr-code'
import { qrCodeNotFound } from './qr-code-not-found'

/** @throws DomainError NOT_FOUND */
export const getQrCode = async (
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
  number: number,
): Promise<QrCode> => {
  const qrCode = await storage.qrCodes.find(organizationId, number)
  if (!qrCode) throw qrCodeNotFound()
  return qrCode
}
