import {
  type FieldType,
  ORGANIZATION_ROLES,
  PROJECT_STATUSES,
  type Resource,
  type ResourceField,
  type ResourceRule,
} from '@snoop/sdk/contract'

const field = (
  name: string,
  type: FieldType,
  options: Partial<Omit<ResourceField, 'name' | 'type'>> = {},
): ResourceField => ({ name, type, required: false, unique: false, sortable: false, ...options })

const rule = (
  role: ResourceRule['role'],
  action: ResourceRule['action'],
  limits: Partial<Omit<ResourceRule, 'role' | 'action'>> = {},
): ResourceRule => ({ role, action, fields: '*', filters: [], checks: [], ...limits })

const OWN: ResourceRule['filters'] = [{ field: 'author_id', op: 'eq', claim: 'id' }]

/**
 * Everybody reads all rows and makes rows of their own; members change and delete those alone. Rules of one action are tried
 * in turn: the first makes the caller the author of a row that names none.
 */
const authored: ResourceRule[] = ORGANIZATION_ROLES.flatMap(role => [
  rule(role, 'read'),
  rule(role, 'create', { checks: OWN }),
  ...(role === 'member'
    ? [rule(role, 'update', { filters: OWN, checks: OWN }), rule(role, 'delete', { filters: OWN })]
    : [rule(role, 'create'), rule(role, 'update'), rule(role, 'delete')]),
])

const posts: Resource = {
  name: 'posts',
  origin: 'built-in',
  fields: [
    field('title', 'string', { required: true, sortable: true }),
    field('body', 'text'),
    field('status', 'enum', { sortable: true, values: ['draft', 'published'] }),
    field('author_id', 'string'),
  ],
  rules: authored,
}

const comments: Resource = {
  name: 'comments',
  origin: 'built-in',
  fields: [
    field('text', 'text', { required: true }),
    field('post_id', 'string'),
    field('author_id', 'string'),
  ],
  rules: authored,
}

const WRITTEN_BY_CALLERS = [
  field('name', 'string', { required: true, sortable: true }),
  field('slug', 'string', { unique: true }),
  field('website', 'string'),
  field('description', 'text'),
  field('business_context', 'text'),
  field('monitoring_intent', 'text'),
  field('status', 'enum', { sortable: true, values: [...PROJECT_STATUSES] }),
  field('frequency', 'string'),
  field('timezone', 'string'),
]

/** The native projects of the organization; who may do what is as with the native API: every member everything. */
const projects: Resource = {
  name: 'projects',
  origin: 'built-in',
  fields: [...WRITTEN_BY_CALLERS, field('created_by_user_id', 'string')],
  rules: ORGANIZATION_ROLES.flatMap(role => [
    rule(role, 'read'),
    rule(role, 'create', { fields: WRITTEN_BY_CALLERS.map(({ name }) => name) }),
    rule(role, 'update', { fields: WRITTEN_BY_CALLERS.map(({ name }) => name) }),
    rule(role, 'delete'),
  ]),
}

/** The members of the organization, to be read. `id` is that of the user. */
const users: Resource = {
  name: 'users',
  origin: 'built-in',
  fields: [
    field('email', 'string', { required: true, unique: true, sortable: true }),
    field('name', 'string', { required: true, sortable: true }),
    field('role', 'enum', { required: true, values: [...ORGANIZATION_ROLES] }),
  ],
  rules: ORGANIZATION_ROLES.map(role => rule(role, 'read')),
}

/** Resources that every organization has, whatever its operator and admins define. */
export const BUILT_IN_RESOURCES: readonly Resource[] = [posts, comments, projects, users]
