import { LINK_ALIAS } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import { isReservedName } from '../reserved-name'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const RANDOM_LENGTH = 7
/** The largest multiple of 62 that a byte can be below: bytes above would favour the first letters. */
const UNBIASED_BELOW = 248

/** Whether a text could be an alias; what could not is never looked up. */
export const isAlias = (text: string): boolean => LINK_ALIAS.pattern.test(text)

const isReserved = (alias: string): boolean => isReservedName(alias.toLowerCase())

/** An alias that somebody chose. @throws DomainError VALIDATION_ERROR */
export const checkAlias = (alias: string): void => {
  if (!isAlias(alias)) throw invalidField('alias', LINK_ALIAS.rule)
  if (isReserved(alias)) throw invalidField('alias', 'This word is reserved: choose another one')
}

/** Seven random base62 characters: 41 bits. */
export const randomAlias = ({ randomBytes }: Pick<DomainContext, 'randomBytes'>): string => {
  let alias = ''
  while (alias.length < RANDOM_LENGTH) {
    for (const byte of randomBytes(RANDOM_LENGTH)) {
      if (byte < UNBIASED_BELOW && alias.length < RANDOM_LENGTH) alias += ALPHABET[byte % 62]
    }
    if (isReserved(alias)) alias = ''
  }
  return alias
}
