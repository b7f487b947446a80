import { ORGANIZATION_ROLES, type Resource, type ResourceRule } from '@snoop/sdk/contract'
import { builtInField } from './built-in-field'
import { PROJECT_FIELDS } from './project-fields'

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
    builtInField('title', 'string', { required: true, sortable: true }),
    builtInField('body', 'text'),
    builtInField('status', 'enum', { sortable: true, values: ['draft', 'published'] }),
    builtInField('author_id', 'string'),
  ],
  rules: authored,
}

const comments: Resource = {
  name: 'comments',
  origin: 'built-in',
  fields: [
    builtInField('text', 'text', { required: true }),
    builtInField('post_id', 'string'),
    builtInField('author_id', 'string'),
  ],
  rules: authored,
}

const WRITABLE_PROJECT_FIELDS = PROJECT_FIELDS.flatMap(({ field, input }) => (input ? [field.name] : []))

/** The native projects of the organization; who may do what is as with the native API: every member everything. */
const projects: Resource = {
  name: 'projects',
  origin: 'built-in',
  fields: PROJECT_FIELDS.map(({ field }) => field),
  rules: ORGANIZATION_ROLES.flatMap(role => [
    rule(role, 'read'),
    rule(role, 'create', { fields: WRITABLE_PROJECT_FIELDS }),
    rule(role, 'update', { fields: WRITABLE_PROJECT_FIELDS }),
    rule(role, 'delete'),
  ]),
}

/** The members of the organization, to be read. `id` is that of the user. */
const users: Resource = {
  name: 'users',
  origin: 'built-in',
  fields: [
    builtInField('email', 'string', { required: true, unique: true, sortable: true }),
    builtInField('name', 'string', { required: true, sortable: true }),
    builtInField('role', 'enum', { required: true, values: [...ORGANIZATION_ROLES] }),
  ],
  rules: ORGANIZATION_ROLES.map(role => rule(role, 'read')),
}

/** Resources that every organization has, whatever its operator and admins define. */
export const BUILT_IN_RESOURCES: readonly Resource[] = [posts, comments, projects, users]
