import { LINK_ALIAS } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import { randomBase62 } from '../random-base62'
import { isReservedName } from '../reserved-name'

const RANDOM_LENGTH = 7

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
  for (;;) {
    const alias = randomBase62(RANDOM_LENGTH, randomBytes)
    if (!isReserved(alias)) return alias
  }
}
