import { KEY_FORMATS } from '@snoop/sdk/contract'
import type { Principal } from '../principals/principal'
import type { Narrowing } from './effective-rights'

/** What a key without a map has its format says: one that scopes narrow has nothing, since none of those covers resources. */
export const narrowingOf = (principal: Principal): Narrowing => {
  if (principal.kind === 'session') return 'all'
  if (principal.kind === 'accessToken') return 'none'
  const { unmapped } = KEY_FORMATS[principal.format]
  return principal.permissions ?? (unmapped === 'everything' ? 'all' : 'none')
}
