import { type PermissionMap, RESOURCE_ACTIONS, type ResourceAction } from '@snoop/sdk'
import { usageError } from '../../cli-error'

const FORM = 'resource:action=field,field'
const PERMISSION = /^([a-z][a-z0-9_]*):([a-z]+)(?:=([A-Za-z0-9_]+(?:,[A-Za-z0-9_]+)*))?$/
const NOTHING = 'none'

interface Permission {
  readonly resource: string
  readonly action: ResourceAction
  readonly fields: readonly string[]
}

/** Only what deletes a row needs no fields. */
const parsePermission = (text: string): Permission => {
  const [, resource = '', word = '', fields] = PERMISSION.exec(text.replaceAll(' ', '')) ?? []
  const action = RESOURCE_ACTIONS.find(known => known === word)
  if (action !== undefined && (fields !== undefined || action === 'delete'))
    return { resource, action, fields: fields?.split(',') ?? [] }
  throw usageError(
    `--permission ${text} is not ${FORM}.`,
    `Such as posts:read=id,title or posts:delete; the actions are ${RESOURCE_ACTIONS.join(', ')}. For no rights to resources: ${NOTHING}`,
  )
}

/**
 * A permission map from texts such as `posts:read=id,title` and `posts:delete`; several for one action add up. `none`
 * alone is a map that allows nothing.
 * @throws CliError (exit 2) for another form, or an action that there is not
 */
export const parsePermissions = (texts: readonly string[]): PermissionMap => {
  if (texts.length === 1 && texts[0] === NOTHING) return {}
  const map = new Map<string, Map<ResourceAction, Set<string>>>()
  for (const { resource, action, fields } of texts.map(parsePermission)) {
    const actions = map.get(resource) ?? new Map<ResourceAction, Set<string>>()
    const named = actions.get(action) ?? new Set<string>()
    for (const field of fields) named.add(field)
    map.set(resource, actions.set(action, named))
  }
  return Object.fromEntries(
    [...map].map(([resource, actions]) => [
      resource,
      Object.fromEntries([...actions].map(([action, fields]) => [action, [...fields]])),
    ]),
  )
}

const ruleText = (resource: string, action: string, fields: readonly string[]): string =>
  `${resource}:${action}${fields.length > 0 ? `=${fields.join(',')}` : ''}`

/** A permission map as it is typed. */
export const permissionText = (map: PermissionMap): string =>
  Object.entries(map)
    .flatMap(([resource, actions]) =>
      Object.entries(actions).map(([action, fields = []]) => ruleText(resource, action, fields)),
    )
    .join(' ') || NOTHING
