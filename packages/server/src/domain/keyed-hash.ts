import { createHmac } from 'node:crypto'
import type { DomainContext } from './domain-context'

/**
 * HMAC-SHA256 in base64url, for what could be guessed from a plain hash: addresses, short codes. Whoever has the
 * database alone learns nothing from it.
 * @param purpose keeps equal texts of different uses apart
 */
export const keyedHash = (
  { secrets }: Pick<DomainContext, 'secrets'>,
  purpose: string,
  text: string,
): string => createHmac('sha256', secrets.lookupKey).update(`${purpose}\0${text}`).digest('base64url')
