import type { PermissionMap, ResourceDefinition, ResourceField, ResourceRule } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect } from 'vitest'
import type { StorageEngine } from '../../../storage/engine'
import { actorOf, createTestDomain, type TestDomain } from '../../../testing/test-domain'
import type { ApiKeyPrincipal, Principal, SessionPrincipal } from '../../principals/principal'
import { changeRow, type RowChange } from '../change-row'
import { createRow } from '../create-row'
import { deleteRow } from '../delete-row'
import { getRow } from '../get-row'
import { listRows } from '../list-rows'
import type { Row } from '../row'
import type { AskedRows } from '../row-query'

/** A field that rows can be sorted by. */
export const field = (name: string, options: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type: 'string',
  required: false,
  unique: false,
  sortable: true,
  ...options,
})
export const rule = (
  role: ResourceRule['role'],
  action: ResourceRule['action'],
  limits: Partial<ResourceRule> = {},
): ResourceRule => ({ role, action, fields: '*', filters: [], checks: [], ...limits })
const OWN = [{ field: 'owner', op: 'eq' as const, claim: 'id' as const }]

/** A member reads its own notes in full, and of those that are shared all but the secret. */
export const NOTES: ResourceDefinition = {
  name: 'notes',
  fields: [
    field('title', { required: true }),
    field('code', { unique: true }),
    field('number', { type: 'number', unique: true }),
    field('secret'),
    field('is_shared', { type: 'boolean' }),
    field('owner'),
    field('data', { type: 'json', sortable: false }),
  ],
  rules: [
    rule('owner', 'read'),
    rule('owner', 'create'),
    rule('owner', 'update'),
    rule('owner', 'delete'),
    rule('member', 'read', { filters: OWN }),
    rule('member', 'read', {
      fields: ['title', 'is_shared', 'owner'],
      filters: [{ field: 'is_shared', op: 'eq', value: true }],
    }),
    rule('member', 'create', { checks: OWN }),
    rule('member', 'update', {
      filters: OWN,
      checks: [...OWN, { field: 'title', op: 'neq', value: 'forbidden' }],
    }),
    rule('member', 'update', {
      fields: ['title'],
      filters: [{ field: 'is_shared', op: 'eq', value: true }],
    }),
    rule('member', 'delete', { filters: OWN }),
  ],
}

const everything: AskedRows = { conditions: [], sort: [], limit: 50, offset: 0 }

interface Kit {
  domain: TestDomain
  owner: SessionPrincipal
  member: SessionPrincipal
  /** Of both; a new one for each test. */
  organizationId: string
}

/** For a group of tests: an owner and a member of an organization that has the resource `notes`, and what they do to its rows. */
export const setUpNotes = (open: () => Promise<StorageEngine>) => {
  // Filled before the first test.
  const kit = {} as Kit
  const define = (definition: ResourceDefinition = NOTES) =>
    kit.domain.storage.resources.insert({
      organization_id: kit.organizationId,
      name: definition.name,
      definition: JSON.stringify(definition),
      created_at: 0,
      updated_at: 0,
    })
  beforeAll(async () => {
    kit.domain = createTestDomain(await open())
    kit.owner = await kit.domain.signUp()
    kit.member = await kit.domain.signUp()
  })
  beforeEach(async () => {
    const roles = { [kit.owner.userId]: 'owner', [kit.member.userId]: 'member' } as const
    kit.organizationId = await kit.domain.foundOrganization(roles)
    await define()
  })

  const roleOf = (by: Principal) => (by.userId === kit.owner.userId ? 'owner' : 'member')
  const callerOf = (by: Principal) =>
    ({ principal: by, organizationId: kit.organizationId, role: roleOf(by) }) as const
  const create = (by: Principal, body: object, resource = 'notes') =>
    createRow(kit.domain.context, actorOf(by), kit.organizationId, resource, body as Record<string, unknown>)
  const change = (by: Principal, id: string, body: object, how: RowChange = 'update', resource = 'notes') =>
    changeRow(
      kit.domain.context,
      actorOf(by),
      kit.organizationId,
      resource,
      id,
      how,
      body as Record<string, unknown>,
    )
  const remove = (by: Principal, id: string, resource = 'notes') =>
    deleteRow(kit.domain.context, actorOf(by), kit.organizationId, resource, id)
  const get = (by: Principal, id: string, resource = 'notes') =>
    getRow(kit.domain.context, callerOf(by), resource, id)
  const list = (by: Principal, asked: Partial<AskedRows> = {}, resource = 'notes') =>
    listRows(kit.domain.context, callerOf(by), resource, { ...everything, ...asked })
  const titles = async (by: Principal, asked: Partial<AskedRows> = {}) =>
    (await list(by, asked)).items.map(({ values }) => values.get('title'))
  const where = (field: string, op: AskedRows['conditions'][number]['op'], text: string) => ({
    conditions: [{ parameter: `${field}__${op}`, field, op, text }],
  })
  const by = (field: string, isDescending = false) => ({
    sort: [{ parameter: '_sort', field, isDescending }],
  })
  const valuesOf = ({ values }: Row) => Object.fromEntries(values)
  const all = () =>
    kit.domain.engine.db
      .selectFrom('resource_rows')
      .selectAll()
      .where('organization_id', '=', kit.organizationId)
      .execute()
  const lacks = (...missing: string[]) =>
    expect.objectContaining({ code: 'INSUFFICIENT_PERMISSIONS', detail: { required: missing, missing } })
  const wrong = (...fields: string[]) =>
    expect.objectContaining({
      code: 'VALIDATION_ERROR',
      detail: { fields: fields.map(field => expect.objectContaining({ field })) },
    })
  const notFound = expect.objectContaining({ code: 'NOT_FOUND' })
  const keyWith = async (by: Principal, permissions: PermissionMap | null): Promise<ApiKeyPrincipal> => {
    const { key } = await kit.domain.createKey(by, { format: 'sna', scopes: [] })
    return { ...(await kit.domain.principalOf(key)), permissions }
  }

  return {
    kit,
    define,
    create,
    change,
    remove,
    get,
    list,
    titles,
    where,
    by,
    valuesOf,
    all,
    lacks,
    wrong,
    notFound,
    keyWith,
  }
}
