import { type PermissionMap, ROW_FIELDS } from '@snoop/sdk/contract'

/** Own entries alone: a resource may be called `constructor`. */
const entryOf = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined

const isWithinFields = (action: string, fields: readonly string[], own: readonly string[]): boolean => {
  // Whoever may read a row may read these of it.
  const held = new Set([...own, ...(action === 'read' ? ROW_FIELDS : [])])
  return fields.every(field => held.has(field))
}

/**
 * Whether a permission map allows nothing that another one does not: per resource, action and field. Pure.
 * @param child null: no rights to resources, as keys of the native format have without a map
 * @param maker the same
 */
export const isWithinMap = (child: PermissionMap | null, maker: PermissionMap | null): boolean =>
  Object.entries(child ?? {}).every(([resource, actions]) => {
    const held = entryOf(maker ?? {}, resource) ?? {}
    return Object.entries(actions).every(([action, fields]) => {
      const own = entryOf<readonly string[]>(held, action)
      return own !== undefined && isWithinFields(action, fields, own)
    })
  })
