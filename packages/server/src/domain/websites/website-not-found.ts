import { DomainError } from '../domain-error'

/** Numbers count within an organization, so that of another one's website there is nothing to tell. */
export const websiteNotFound = (): DomainError =>
  new DomainError('NOT_FOUND', { message: 'There is no website with this id in this organization' })
