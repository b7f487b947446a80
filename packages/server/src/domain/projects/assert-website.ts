import { invalidField } from '../domain-error'

/**
 * The parser of URLs overlooks control characters; what shows or stores the address need not be able to.
 * @throws DomainError VALIDATION_ERROR for `website`
 */
export const assertWebsite = (website: string | null | undefined): void => {
  if (website && /\p{Cc}/u.test(website)) throw invalidField('website', 'Invalid url')
}
