import {
  ORGANIZATION_ROLES,
  RESOURCE_ACTIONS,
  type ResourceAction,
  type ResourceDefinition,
  type ResourceRule,
} from '@snoop/sdk/contract'

const everything = (role: ResourceRule['role'], action: ResourceAction): ResourceRule => ({
  role,
  action,
  fields: '*',
  filters: [],
  checks: [],
})

/** Of a resource that says nothing of rights: owners and admins everything, members read. */
const DEFAULT_RULES: readonly ResourceRule[] = ORGANIZATION_ROLES.flatMap(role =>
  RESOURCE_ACTIONS.filter(action => role !== 'member' || action === 'read').map(action =>
    everything(role, action),
  ),
)

/** The rules that are in force for a resource. */
export const rulesOf = ({ rules }: Pick<ResourceDefinition, 'rules'>): readonly ResourceRule[] =>
  rules ?? DEFAULT_RULES
