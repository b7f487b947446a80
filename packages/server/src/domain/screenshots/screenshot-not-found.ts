import { DomainError } from '../domain-error'

/** Of another organization's screenshot nothing may be told. */
export const screenshotNotFound = (): DomainError =>
  new DomainError('NOT_FOUND', { message: 'There is no screenshot with this id in this organization' })
