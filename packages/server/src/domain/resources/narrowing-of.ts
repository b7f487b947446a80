import type { Principal } from '../principals/principal'
import type { Narrowing } from './effective-rights'

/** A key of the native format is narrowed by its scopes, and none of those covers resources. */
export const narrowingOf = (principal: Principal): Narrowing => {
  if (principal.kind === 'session') return 'all'
  if (principal.kind === 'accessToken') return 'none'
  return principal.permissions ?? (principal.format === 'sna' ? 'all' : 'none')
}
