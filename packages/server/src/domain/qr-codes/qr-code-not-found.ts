import { DomainError } from '../domain-error'

/** Numbers count within an organization: that there is one of this number elsewhere says nothing. */
export const qrCodeNotFound = (): DomainError =>
  new DomainError('NOT_FOUND', { message: 'There is no QR code with this id' })
