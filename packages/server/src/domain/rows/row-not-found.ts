import type { Resource } from '@snoop/sdk/contract'
import { DomainError } from '../domain-error'

/** The same whether there is no such row, it is out of the caller's reach, or it is another organization's. */
export const rowNotFound = ({ name }: Pick<Resource, 'name'>): DomainError =>
  new DomainError('NOT_FOUND', { message: `There is no row with this id in ${name}` })
