import { type PermissionMap, RESOURCE_ACTIONS, type ResourceAction } from '@snoop/sdk'
import { usageError } from '../../cli-error'

const FORM = 'resource:action=field,field'
const PERMISSION = /^([a-z][a-z0-9_]*):([a-z]+)=([a-z0-9_]+(?:,[a-z0-9_]+)*)$/

/**
 * A permission map from texts such as `posts:read=id,title`; several for one action add up.
 * @throws CliError (exit 2) for another form, or an action that there is not
 */
export const parsePermissions = (texts: readonly string[]): PermissionMap => {
  const map = new Map<string, Map<ResourceAction, Set<string>>>()
  for (const text of texts) {
    const [, resource = '', word = '', fields = ''] = PERMISSION.exec(text.replaceAll(' ', '')) ?? []
    const action = RESOURCE_ACTIONS.find(known => known === word)
    if (action === undefined) {
      throw usageError(
        `--permission ${text} is not ${FORM}.`,
        `Such as posts:read=id,title; the actions are ${RESOURCE_ACTIONS.join(', ')}`,
      )
    }
    const actions = map.get(resource) ?? new Map<ResourceAction, Set<string>>()
    const named = actions.get(action) ?? new Set<string>()
    for (const field of fields.split(',')) named.add(field)
    map.set(resource, actions.set(action, named))
  }
  return Object.fromEntries(
    [...map].map(([resource, actions]) => [
      resource,
      Object.fromEntries([...actions].map(([action, fields]) => [action, [...fields]])),
    ]),
  )
}

/** A permission map as people read it. */
export const permissionText = (map: PermissionMap | null): string =>
  map === null
    ? 'all of the role'
    : Object.entries(map)
        .flatMap(([resource, actions]) =>
          Object.entries(actions).map(([action, fields = []]) => `${resource}:${action}=${fields.join(',')}`),
        )
        .join(' ') || 'nothing'
