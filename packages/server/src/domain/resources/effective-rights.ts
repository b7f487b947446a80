import {
  type OrganizationRole,
  type PermissionMap,
  RESOURCE_ACTIONS,
  type ResourceAction,
  type ResourceDefinition,
  type ResourceRule,
  ROW_FIELDS,
  type RuleCondition,
} from '@snoop/sdk/contract'
import { rulesOf } from './default-rules'

/** What a credential leaves of its user's role: all of it, nothing, or what a key's map names. */
export type Narrowing = PermissionMap | 'all' | 'none'

/** One rule, as far as the credential leaves it. */
export interface Grant {
  /** On read always with those that every row has. */
  readonly fields: ReadonlySet<string>
  /** The rows that it is good for meet all of these. */
  readonly filters: readonly RuleCondition[]
  /** A row that is written must meet all of these afterwards. */
  readonly checks: readonly RuleCondition[]
}

export interface ActionRights {
  /** Of any of the grants. */
  readonly fields: ReadonlySet<string>
  /** Alternatives, in the order of the rules: the rights to a row are those of the grants whose filters it meets. At least one. */
  readonly grants: readonly Grant[]
}

/** An action that is missing is not allowed at all. */
export type Rights = { readonly [Action in ResourceAction]?: ActionRights }

/** Fields that can be named with an action: those of the resource, and to read those that every row has. */
export const namableFields = ({ fields }: Pick<ResourceDefinition, 'fields'>, action: ResourceAction) => [
  ...(action === 'read' ? ROW_FIELDS : []),
  ...fields.map(({ name }) => name),
]

/** Null: every field. Undefined: the action is not allowed. */
const fieldsLeft = (
  narrowing: Narrowing,
  resource: string,
  action: ResourceAction,
): ReadonlySet<string> | null | undefined => {
  if (narrowing === 'all') return null
  if (narrowing === 'none' || !Object.hasOwn(narrowing, resource)) return undefined
  const named = narrowing[resource]?.[action]
  return named && new Set(named)
}

/**
 * What a member may do to the rows of a resource: the narrower of its role's rules and what the credential leaves, per action
 * and field. Pure; worked out anew for each request.
 */
export const effectiveRights = (
  resource: ResourceDefinition,
  role: OrganizationRole,
  narrowing: Narrowing,
): Rights => {
  const rules = rulesOf(resource).filter(rule => rule.role === role)
  const rightsTo = (action: ResourceAction): ActionRights | undefined => {
    const left = fieldsLeft(narrowing, resource.name, action)
    const ruled = rules.filter(rule => rule.action === action)
    if (left === undefined || ruled.length === 0) return undefined
    const known = namableFields(resource, action)
    const always = new Set<string>(action === 'read' ? ROW_FIELDS : [])
    const isGiven = ({ fields }: ResourceRule, name: string) =>
      always.has(name) || ((left === null || left.has(name)) && (fields === '*' || fields.includes(name)))
    const grants = ruled.map(rule => ({
      fields: new Set(known.filter(name => isGiven(rule, name))),
      filters: rule.filters,
      checks: rule.checks,
    }))
    return { fields: new Set(grants.flatMap(({ fields }) => [...fields])), grants }
  }
  return Object.fromEntries(
    RESOURCE_ACTIONS.flatMap(action => {
      const rights = rightsTo(action)
      return rights ? [[action, rights]] : []
    }),
  )
}
