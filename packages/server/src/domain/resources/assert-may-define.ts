import { DomainError } from '../domain-error'
import type { Principal } from '../principals/principal'
import { narrowingOf } from './narrowing-of'

/** Whether the credential has the whole of its user's role: a map is for rows, and definitions are above all maps. */
export const mayDefine = (principal: Principal): boolean => narrowingOf(principal) === 'all'

/** @throws DomainError NO_PERMISSIONS */
export const assertMayDefine = (principal: Principal): void => {
  if (mayDefine(principal)) return
  throw new DomainError('NO_PERMISSIONS', {
    message:
      'Resources are defined with a signed-in session, or with a key of the format sna that has no permission map',
  })
}
