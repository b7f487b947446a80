import { LINK_ALIAS } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import { randomBase62 } from '../random-base62'

const RANDOM_LENGTH = 7

/** Whether a text could be an alias; what could not is never looked up. */
export const isAlias = (text: string): boolean => LINK_ALIAS.pattern.test(text)

/** An alias that somebody chose; under /s/ no word can be taken for anything else. @throws DomainError VALIDATION_ERROR */
export const checkAlias = (alias: string): void => {
  if (!isAlias(alias)) throw invalidField('alias', LINK_ALIAS.rule)
}

/** Seven random base62 characters: 41 bits. */
export const randomAlias = ({ randomBytes }: Pick<DomainContext, 'randomBytes'>): string =>
  randomBase62(RANDOM_LENGTH, randomBytes)
