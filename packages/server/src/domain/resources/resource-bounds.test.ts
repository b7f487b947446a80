import type { ResourceDefinition, ResourceField } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { createRow } from '../rows/create-row'
import { getRow } from '../rows/get-row'
import { listRows } from '../rows/list-rows'
import { createResource } from './create-resource'
import { updateResource } from './update-resource'

const field = (name: string, details: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type: 'string',
  required: false,
  unique: false,
  sortable: false,
  ...details,
})
const notes = (details: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  name: 'notes',
  fields: [field('title'), field('salary')],
  ...details,
})

describeOnEachEngine('the bounds of resources', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let member: SessionPrincipal
  let organizationId: string

  beforeAll(async () => {
    domain = createTestDomain(await open(), { resources: [] })
    owner = await domain.signUp()
    member = await domain.signUp()
  })
  beforeEach(async () => {
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
  })
  const create = (definition = notes()) =>
    createResource(domain.context, actorOf(owner), organizationId, definition)
  const callerOf = (principal: SessionPrincipal) =>
    ({ principal, organizationId, role: principal === owner ? 'owner' : 'member' }) as const
  const messageOf = async (attempt: Promise<unknown>) => {
    const refusal = await attempt.then(
      () => undefined,
      (error: { message: string; detail: object }) => error,
    )
    return `${refusal?.message} ${JSON.stringify(refusal?.detail)}`
  }

  it('a definition is at most 64 KiB of JSON', async () => {
    const values = (count: number) => Array.from({ length: count }, (_, n) => `${n}`.padEnd(100, 'x'))
    const long = (count: number) =>
      notes({
        fields: Array.from({ length: 7 }, (_, n) => field(`f${n}`, { type: 'enum', values: values(count) })),
      })
    const refused = expect.objectContaining({ code: 'VALIDATION_ERROR' })
    await expect(create(long(95))).rejects.toEqual(refused)
    await create(long(85))
    await expect(updateResource(domain.context, actorOf(owner), organizationId, long(95))).rejects.toEqual(
      refused,
    )
  })

  it('a name that there is not costs no definition to refuse', async () => {
    await create()
    const list = vi.spyOn(domain.storage.resources, 'list')
    for (const principal of [owner, member]) {
      const told = await messageOf(getRow(domain.context, callerOf(principal), 'nothing', 'x'))
      expect(told).toContain('There is no resource nothing; there are posts, comments')
      expect(told.includes('notes')).toBe(principal === owner)
    }
    expect(list).not.toHaveBeenCalled()
    list.mockRestore()
  })

  it('rows that a schema file left are not for whoever defines its name', async () => {
    await domain.storage.resourceRows.insert({
      organization_id: organizationId,
      resource: 'notes',
      id: 'left',
      data: JSON.stringify({ title: 'a', salary: 'hush' }),
      created_at: 0,
      updated_at: 0,
    })
    await expect(create()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('choose another name'),
    })
    await create(notes({ name: 'others' }))
  })

  it('fields are told to those alone who may see them', async () => {
    const limits = { fields: ['title'], filters: [], checks: [] }
    await create(
      notes({
        rules: [
          { role: 'owner', action: 'create', fields: '*', filters: [], checks: [] },
          { role: 'member', action: 'create', ...limits },
          { role: 'member', action: 'read', ...limits },
        ],
      }),
    )
    const ask = (by: SessionPrincipal) =>
      messageOf(createRow(domain.context, actorOf(by), organizationId, 'notes', { nope: 1 }))
    expect(await ask(owner)).toContain('notes has title, salary')
    expect(await ask(member)).toMatch(/notes has title"/)
    const page = { conditions: [], sort: [], limit: 1, offset: 0 }
    const conditions = [{ parameter: 'nope', field: 'nope', op: 'eq' as const, text: 'a' }]
    const sort = [{ parameter: '_sort', field: 'nope', isDescending: false }]
    for (const asked of [{ conditions }, { sort }]) {
      const told = await messageOf(listRows(domain.context, callerOf(member), 'notes', { ...page, ...asked }))
      expect(told).toContain('updated_at')
      expect(told).not.toContain('salary')
    }
  })
})
