import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { exportAuditLog } from './export-audit-log'
import { type AuditFilter, EVERY_ENTRY, listAuditLogs } from './list-audit-logs'
import { type Act, recordAct } from './record-act'

const DAY_MS = 24 * 3600 * 1000

describeOnEachEngine('the audit log of an organization', open => {
  let domain: TestDomain
  let [organizationId, userId] = ['', '']
  let startedAt = 0
  beforeAll(async () => {
    domain = createTestDomain(await open())
    const owner = await domain.signUp()
    userId = owner.userId
    organizationId = await domain.foundOrganization({ [userId]: 'owner' })
    const other = await domain.foundOrganization({ [userId]: 'owner' })
    startedAt = domain.now()
    const record = async (act: Omit<Act, 'organizationId'>, by = true, into = organizationId) => {
      await domain.storage.transaction(stores =>
        recordAct(domain.context, stores, by ? actorOf(owner) : undefined, { ...act, organizationId: into }),
      )
      domain.advance(DAY_MS)
    }
    await record({ action: 'organization.created', resource: { type: 'organization', id: organizationId } })
    await record({ action: 'project.created', resource: { type: 'project', id: 'shop' } })
    await record({ action: 'project.created', resource: { type: 'project', id: 'blog' } }, true, other)
    await record({ action: 'project.updated', resource: { type: 'project', id: 'shop' } }, false)
    await record({
      action: 'access.refused',
      outcome: 'refused',
      resource: { type: 'endpoint', id: 'members.remove' },
    })
  })

  const page = { offset: 0, limit: 20, sort: '-createdAt' }
  const sequencesOf = async (
    filter: Partial<AuditFilter>,
    more: Partial<typeof page & { q: string }> = {},
  ) => {
    const { items, total } = await listAuditLogs(
      domain.context,
      organizationId,
      { ...EVERY_ENTRY, ...filter },
      { ...page, ...more },
    )
    if (more.limit === undefined) expect(total).toBe(items.length)
    return items.map(({ sequence }) => sequence)
  }

  it.each<[Partial<AuditFilter>, number[]]>([
    [{}, [4, 3, 2, 1]],
    [{ action: 'project.created' }, [2]],
    [{ resourceType: 'project' }, [3, 2]],
    [{ resourceId: 'shop' }, [3, 2]],
    [{ outcome: 'refused' }, [4]],
    [{ afterSequence: 2 }, [4, 3]],
    [{ resourceType: 'project', action: 'project.updated' }, [3]],
    [{ action: 'project' }, []],
    [{ action: "project.created' or 1=1 --" }, []],
  ])('is narrowed by %j', async (filter, sequences) => {
    expect(await sequencesOf(filter)).toEqual(sequences)
  })

  it('is narrowed by who did it, and by time', async () => {
    expect(await sequencesOf({ userId })).toEqual([4, 2, 1])
    expect(await sequencesOf({ userId: 'somebody else' })).toEqual([])
    const second = startedAt + DAY_MS
    expect(await sequencesOf({ from: second })).toEqual([4, 3, 2])
    expect(await sequencesOf({ before: second })).toEqual([1])
    expect(await sequencesOf({ from: second, before: second + 1 })).toEqual([2])
  })

  it('is searched by action and by what was done something to, and read page by page', async () => {
    expect(await sequencesOf({}, { q: 'MEMBERS' })).toEqual([4])
    expect(await sequencesOf({}, { q: 'created' })).toEqual([2, 1])
    expect(await sequencesOf({}, { q: '%' })).toEqual([])
    expect(await sequencesOf({}, { sort: 'createdAt', limit: 2 })).toEqual([1, 2])
    expect(await sequencesOf({}, { sort: 'createdAt', limit: 2, offset: 2 })).toEqual([3, 4])
  })

  it('names who did it as they are called today, and forgets no entry of who is gone', async () => {
    const leaver = await domain.signUp()
    await domain.storage.transaction(stores =>
      recordAct(domain.context, stores, actorOf(leaver), {
        organizationId,
        action: 'member.left',
        resource: { type: 'member', id: 'm' },
      }),
    )
    const newest = async () =>
      (await listAuditLogs(domain.context, organizationId, EVERY_ENTRY, page)).items[0]
    expect(await newest()).toMatchObject({ actor_id: leaver.userId, actor_full_name: leaver.userId })
    await domain.storage.users.delete(leaver.userId)
    expect(await newest()).toMatchObject({ actor_id: leaver.userId, actor_full_name: null })
  })

  it('is exported in pages up to what was its end, which the export itself is part of', async () => {
    const long = await domain.foundOrganization({ [userId]: 'owner' })
    const actor = actorOf(await domain.signUp())
    const write = (count: number) =>
      domain.storage.transaction(async stores => {
        for (let made = 0; made < count; made++)
          await recordAct(domain.context, stores, actor, {
            organizationId: long,
            action: made % 2 ? 'project.created' : 'project.updated',
            resource: { type: 'project', id: String(made) },
          })
      })
    await write(1_050)
    const everything = { filter: EVERY_ENTRY, details: { format: 'jsonl' } }
    const pages = await exportAuditLog(domain.context, actor, long, everything)
    await write(3)
    domain.statements.length = 0
    const sizes: number[] = []
    const sequences: number[] = []
    for await (const rows of pages) {
      sizes.push(rows.length)
      sequences.push(...rows.map(({ sequence }) => sequence))
    }
    expect(sizes).toEqual([1_000, 51])
    expect(sequences).toEqual(Array.from({ length: 1_051 }, (_, index) => index + 1))
    expect(domain.statements).toHaveLength(2)
    const wanted = { ...everything, filter: { ...EVERY_ENTRY, action: 'project.created', afterSequence: 99 } }
    const narrowed = await exportAuditLog(domain.context, actor, long, wanted)
    let count = 0
    for await (const rows of narrowed) count += rows.length
    expect(count).toBe(477)
    const exports = await listAuditLogs(
      domain.context,
      long,
      { ...EVERY_ENTRY, action: 'audit_log.exported' },
      page,
    )
    expect(exports.items.map(({ sequence }) => sequence)).toEqual([1_055, 1_051])
    expect(exports.items[0]).toMatchObject({
      actor_id: actor.principal.userId,
      details: '{"format":"jsonl"}',
    })
  })

  it('whose reader leaves is read no further', async () => {
    const owner = await domain.signUp()
    const everything = { filter: EVERY_ENTRY, details: {} }
    domain.statements.length = 0
    const pages = await exportAuditLog(domain.context, actorOf(owner), organizationId, everything)
    const before = domain.statements.length
    for await (const _rows of pages) break
    expect(domain.statements.length).toBe(before + 1)
  })
})
