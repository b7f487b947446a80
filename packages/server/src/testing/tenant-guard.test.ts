import {
  DummyDriver,
  Kysely,
  type OperationNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Database } from '../storage/schema'
import { deleteBefore } from '../storage/stores/delete-before'
import { ProjectStore } from '../storage/stores/project-store'
import { findUnboundTable } from './tenant-guard'
import './guard-tenants'

const db = new Kysely<Database>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

const projects = () => db.selectFrom('projects').selectAll('projects')
const nodeOf = (query: { toOperationNode(): OperationNode }) => query.toOperationNode()

describe('a statement on a tenant table', () => {
  it.each<[string, { toOperationNode(): OperationNode }]>([
    ['by its organization', projects().where('organization_id', '=', 'o1').where('id', '=', 'p1')],
    ['by its organization, named in full', projects().where('projects.organization_id', '=', 'o1')],
    [
      'joined to the memberships of one user',
      projects()
        .innerJoin('memberships', 'memberships.organization_id', 'projects.organization_id')
        .where('memberships.user_id', '=', 'u1'),
    ],
    [
      'inside a query about bound rows',
      db
        .selectFrom('memberships')
        .select(eb => [
          eb
            .selectFrom('memberships as others')
            .whereRef('others.organization_id', '=', 'memberships.organization_id')
            .select(sql<number>`count(*)`.as('n'))
            .as('count'),
        ])
        .where('memberships.user_id', '=', 'u1'),
    ],
    [
      'in the organizations of one user',
      projects().where('organization_id', 'in', eb =>
        eb.selectFrom('memberships').select('organization_id').where('user_id', '=', 'u1'),
      ),
    ],
    [
      'changed in its organization',
      db.updateTable('projects').set({ name: 'n' }).where('organization_id', '=', 'o1'),
    ],
    ['of no tenant', db.selectFrom('users').selectAll()],
  ])('passes: %s', (_, query) => {
    expect(findUnboundTable(nodeOf(query))).toBeUndefined()
  })

  it.each<[string, { toOperationNode(): OperationNode }]>([
    ['by its id alone', projects().where('id', '=', 'p1')],
    ['without any condition', projects()],
    [
      'with its organization on one side of an OR',
      projects().where(eb => eb.or([eb('organization_id', '=', 'o1'), eb('status', '=', 'active')])),
    ],
    ['of all organizations but one', projects().where('organization_id', '!=', 'o1')],
    [
      'joined to memberships of anybody',
      projects().innerJoin('memberships', 'memberships.organization_id', 'projects.organization_id'),
    ],
    [
      'joined by something else than its organization',
      projects()
        .innerJoin('memberships', 'memberships.user_id', 'projects.created_by_user_id')
        .where('memberships.user_id', '=', 'u1'),
    ],
    [
      'beside one that is bound',
      db
        .selectFrom('memberships')
        .selectAll()
        .where('organization_id', '=', 'o1')
        .where('user_id', 'in', eb =>
          eb.selectFrom('projects').select('created_by_user_id as user_id').$castTo<{ user_id: string }>(),
        ),
    ],
    ['changed by its id alone', db.updateTable('projects').set({ name: 'n' }).where('id', '=', 'p1')],
    ['deleted by its id alone', db.deleteFrom('projects').where('id', '=', 'p1')],
    [
      'written as text',
      { toOperationNode: () => sql`delete from ${sql.table('projects')}`.toOperationNode() },
    ],
  ])('is found: %s', (_, query) => {
    expect(findUnboundTable(nodeOf(query))).toMatch(/^(projects|memberships)$/)
  })

  it('fails the test of whoever runs it from a store', async () => {
    const rogue = deleteBefore(db, { table: 'projects', id: 'id', time: 'created_at' }, 1, 1)
    await expect(rogue).rejects.toThrow('names no organization')
    expect(await new ProjectStore(db).existsForMember('u1', 'p1')).toBe(false)
  })
})
