import { type AuditFinding, verifyAuditLog } from '@snoop/sdk'
import { beforeAll, expect, test } from 'vitest'
import { createAuditSigner } from '../src/domain/audit/audit-signer'
import { recordAct } from '../src/domain/audit/record-act'
import { exportedLog } from '../src/domain/audit/testing/exported-log'
import type { DomainContext } from '../src/domain/domain-context'
import type { StorageEngine } from '../src/storage/engine'
import type { AuditChainTable, AuditEventTable } from '../src/storage/schema'
import { describeOnEachEngine } from '../src/testing/on-each-engine'
import { openTestEngine } from '../src/testing/open-test-engine'
import { actorOf, createTestDomain, type TestDomain } from '../src/testing/test-domain'

const ACTS = 10_000
const LONG = '01ORGLONG'

const write = async (domain: TestDomain, organizationId: string, count: number, context = domain.context) => {
  const actor = actorOf(await domain.signUp())
  await domain.storage.transaction(async stores => {
    for (let made = 0; made < count; made++) {
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'project.updated',
        resource: { type: 'project', id: `project-${made}` },
        details: { name: `Shop ${made}`, fields: ['name', 'website'] },
      })
    }
  })
}

/** Written once, and put into each of the databases: that is what takes the time. */
const writeLongLog = async () => {
  const engine = await openTestEngine('sqlite')
  const domain = createTestDomain(engine)
  await write(domain, LONG, ACTS)
  const events = await engine.db.selectFrom('audit_events').selectAll().orderBy('sequence').execute()
  const chains = await engine.db.selectFrom('audit_chains').selectAll().execute()
  await engine.close()
  return { auditSigner: domain.context.auditSigner, events, chains }
}
let longLog: ReturnType<typeof writeLongLog> | undefined

/** What somebody can do who has the database, and nothing else. */
const tamperWith = ({ db }: StorageEngine, organizationId: string) => {
  const change = async (sequence: number, changes: Partial<AuditEventTable>) => {
    await db
      .updateTable('audit_events')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('sequence', '=', sequence)
      .execute()
  }
  return {
    change,
    row: (sequence: number): Promise<AuditEventTable> =>
      db
        .selectFrom('audit_events')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .where('sequence', '=', sequence)
        .executeTakeFirstOrThrow(),
    changeChain: async (changes: Partial<AuditChainTable>) => {
      await db
        .updateTable('audit_chains')
        .set(changes)
        .where('organization_id', '=', organizationId)
        .execute()
    },
    removeBehind: async (sequence: number) => {
      await db
        .deleteFrom('audit_events')
        .where('organization_id', '=', organizationId)
        .where('sequence', '>', sequence)
        .execute()
    },
    remove: async (sequence: number) => {
      await db
        .deleteFrom('audit_events')
        .where('organization_id', '=', organizationId)
        .where('sequence', '=', sequence)
        .execute()
    },
    insert: async (row: AuditEventTable) => {
      await db.insertInto('audit_events').values(row).execute()
    },
    swap: async (one: number, other: number) => {
      await change(one, { sequence: -1 })
      await change(other, { sequence: one })
      await change(-1, { sequence: other })
    },
  }
}

const verify = async (context: DomainContext, organizationId: string) =>
  verifyAuditLog(await exportedLog(context, organizationId))
const named = ({ findings }: { readonly findings: readonly AuditFinding[] }) =>
  findings.map(({ kind, sequence, lastSequence }) => [kind, sequence, lastSequence])

describeOnEachEngine('an audit log of 10,000 acts', open => {
  let engine: StorageEngine
  let context: DomainContext
  beforeAll(async () => {
    engine = await open()
    longLog ??= writeLongLog()
    const { auditSigner, events, chains } = await longLog
    context = { ...createTestDomain(engine).context, auditSigner }
    await engine.db.insertInto('audit_chains').values(chains).execute()
    for (let at = 0; at < events.length; at += 500)
      await engine.db
        .insertInto('audit_events')
        .values(events.slice(at, at + 500))
        .execute()
  }, 60_000)

  test('is intact; a row that was altered, one that was deleted and two that were swapped are named, each alone and all together', async () => {
    const found = async () => named(await verify(context, LONG))
    const { change, row, remove, insert, swap } = tamperWith(engine, LONG)
    expect(await verify(context, LONG)).toMatchObject({ isIntact: true, entryCount: ACTS })

    const [altered, deleted] = [await row(2_345), await row(5_678)]
    const alter = () => change(2_345, { details: '{"name":"Something else"}' })
    await alter()
    expect(await found()).toEqual([['altered', 2_345, 2_345]])
    await change(2_345, altered)

    await remove(5_678)
    expect(await found()).toEqual([['missing', 5_678, 5_678]])
    await insert(deleted)

    await swap(7_001, 9_002)
    const swapped = [
      ['reordered', 7_001, 7_001],
      ['reordered', 9_002, 9_002],
    ]
    expect(await found()).toEqual(swapped)

    await alter()
    await remove(5_678)
    expect(await found()).toEqual([['altered', 2_345, 2_345], ['missing', 5_678, 5_678], ...swapped])
  })
})

describeOnEachEngine('an audit log', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  const writtenLog = async (count: number): Promise<string> => {
    const organizationId = await domain.foundOrganization({})
    if (count > 0) await write(domain, organizationId, count)
    return organizationId
  }
  const found = async (organizationId: string) => named(await verify(domain.context, organizationId))

  test('names a row whatever was put into it, and nobody loses the export by that', async () => {
    const organizationId = await writtenLog(10)
    const { change, row } = tamperWith(domain.engine, organizationId)
    const before = await row(7)
    for (const changes of [
      { id: 'other' },
      { created_at: 9_007_199_254_740_991 },
      { created_at: before.created_at + 1 },
      { action: 'project.deleted' },
      { outcome: 'refused' },
      { actor_id: 'somebody else' },
      { credential_type: 'system' },
      { credential_id: null },
      { resource_type: 'member' },
      { resource_id: null },
      { ip_address: null },
      { user_agent: '' },
      { request_id: null },
      { details: 'no JSON' },
      { details: '[]' },
      { previous_hash: '' },
      { hash: 'x' },
    ]) {
      await change(7, changes)
      expect(await found(organizationId), JSON.stringify(changes)).toEqual([['altered', 7, 7]])
      await change(7, before)
    }
  })

  test('names what was cut off at the end', async () => {
    const organizationId = await writtenLog(10)
    const { changeChain, row, removeBehind } = tamperWith(domain.engine, organizationId)
    const [newest, last] = [await row(10), await row(8)]
    await removeBehind(8)
    expect(await found(organizationId)).toEqual([['missing', 9, 10]])
    await changeChain({ last_sequence: 8, last_hash: last.hash })
    // Nothing in the database tells any more, but who kept the end knows.
    const log = await exportedLog(domain.context, organizationId)
    const anchor = { sequence: 10, hash: newest.hash }
    expect(named(await verifyAuditLog({ ...log, anchor }))).toEqual([['missing', 9, 10]])
    await write(domain, organizationId, 2)
    const written = await exportedLog(domain.context, organizationId)
    expect(named(await verifyAuditLog({ ...written, anchor }))).toEqual([['altered', 10, 10]])
  })

  test('names a row that was copied from another organization', async () => {
    const organizationId = await writtenLog(3)
    const foreign = await tamperWith(domain.engine, await writtenLog(3)).row(2)
    await tamperWith(domain.engine, organizationId).change(2, { ...foreign, organization_id: organizationId })
    expect(await found(organizationId)).toEqual([['altered', 2, 2]])
  })

  test('that is written anew without the key of the server is found at its first entry', async () => {
    const organizationId = await writtenLog(20)
    const { changeChain, row, removeBehind } = tamperWith(domain.engine, organizationId)
    await removeBehind(12)
    await changeChain({ last_sequence: 12, last_hash: (await row(12)).hash })
    const auditSigner = createAuditSigner(Buffer.alloc(32, 7))
    await write(domain, organizationId, 8, { ...domain.context, auditSigner })
    expect(await found(organizationId)).toEqual([['forged', 13, 20]])
  })

  test('that fifty write to at once is one unbroken chain', async () => {
    const organizationId = await writtenLog(0)
    await Promise.all(Array.from({ length: 50 }, () => write(domain, organizationId, 1)))
    expect(await verify(domain.context, organizationId)).toMatchObject({
      isIntact: true,
      entryCount: 50,
      lastSequence: 50,
    })
  })

  test('has no entry of an act that was rolled back, and no gap', async () => {
    const organizationId = await writtenLog(1)
    const failing = domain.storage.transaction(async stores => {
      await recordAct(domain.context, stores, undefined, {
        organizationId,
        action: 'project.deleted',
        resource: { type: 'project', id: 'p' },
      })
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await write(domain, organizationId, 1)
    expect((await exportedLog(domain.context, organizationId)).lines.join()).not.toContain('deleted')
    expect(await verify(domain.context, organizationId)).toMatchObject({ isIntact: true, lastSequence: 2 })
  })

  test('outlives its organization', async () => {
    const organizationId = await writtenLog(3)
    await domain.storage.organizations.delete(organizationId)
    expect(await verify(domain.context, organizationId)).toMatchObject({ isIntact: true, entryCount: 3 })
  })
})
