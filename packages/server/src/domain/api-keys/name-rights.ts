import { KEY_FORMATS, type KeyFormat, type KeyScope, type PermissionMap } from '@snoop/sdk/contract'
import { holdsEverything } from './held-scopes'

const MAX_NAMED = 30

/**
 * What a key may do, in words for its owner: its scopes, and what it may do to resources, such as `read posts`; none: nothing.
 * Of very many only the first.
 */
export const nameRights = (
  format: KeyFormat,
  scopes: readonly KeyScope[],
  permissions: PermissionMap | null,
): string[] => {
  if (permissions === null && holdsEverything(format, scopes))
    return [`everything on the surface ${KEY_FORMATS[format].surface}`]
  const onResources = Object.entries(permissions ?? {}).flatMap(([resource, actions]) =>
    Object.keys(actions).map(action => `${action} ${resource}`),
  )
  const rights = [...scopes, ...onResources]
  const more = rights.length - MAX_NAMED
  return more > 0 ? [...rights.slice(0, MAX_NAMED), `and ${more} more`] : rights
}
