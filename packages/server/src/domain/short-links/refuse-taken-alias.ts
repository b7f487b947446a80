import { findUniqueViolation } from '../../storage/unique-violation'
import { conflict } from '../domain-error'

/** @param write of a link @throws DomainError CONFLICT if another link has its alias, of whichever organization */
export const refuseTakenAlias = async <T>(write: () => Promise<T>): Promise<T> => {
  try {
    return await write()
  } catch (error) {
    if (!findUniqueViolation(error)?.columns.includes('alias')) throw error
    throw conflict('alias', 'Another link has this alias: choose another one')
  }
}
