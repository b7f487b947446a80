import { verifyAuditLog } from '@snoop/sdk'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { recordAct } from '../domain/audit/record-act'
import { exportedLog } from '../domain/audit/testing/exported-log'
import type { AuditChainTable, AuditEventTable } from '../storage/schema'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../testing/test-domain'
import { pruneAuditLogs } from './prune-audit-logs'

const DAY_MS = 24 * 3600 * 1000

describeOnEachEngine('retention of 30 days', open => {
  let domain: TestDomain
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    domain.logged.length = 0
    await domain.engine.db.deleteFrom('audit_events').execute()
    await domain.engine.db.deleteFrom('audit_chains').execute()
    organizationId = await domain.foundOrganization({})
  })

  const write = (count: number) =>
    domain.storage.transaction(async stores => {
      for (let made = 0; made < count; made++)
        await recordAct(domain.context, stores, undefined, {
          organizationId,
          action: 'project.created',
          resource: { type: 'project', id: `p${made}` },
        })
    })
  const prune = () => pruneAuditLogs(domain.context, 30)
  const verify = async () => verifyAuditLog(await exportedLog(domain.context, organizationId))
  const sequences = async () =>
    (
      await domain.engine.db
        .selectFrom('audit_events')
        .select('sequence')
        .where('organization_id', '=', organizationId)
        .orderBy('sequence')
        .execute()
    ).map(({ sequence }) => sequence)
  const change = async (sequence: number, changes: Partial<AuditEventTable>) => {
    await domain.engine.db
      .updateTable('audit_events')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('sequence', '=', sequence)
      .execute()
  }
  const remove = async (sequence: number) => {
    await domain.engine.db
      .deleteFrom('audit_events')
      .where('organization_id', '=', organizationId)
      .where('sequence', '=', sequence)
      .execute()
  }
  const changeChain = async (changes: Partial<AuditChainTable>) => {
    await domain.engine.db
      .updateTable('audit_chains')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .execute()
  }
  const broken = () => domain.logged.filter(({ event }) => event === 'audit_log.broken')

  it('removes what is older and nothing else, and the log is intact; one entry more is missed', async () => {
    await write(4)
    domain.advance(30 * DAY_MS)
    await write(3)
    expect(await prune()).toBe(0)
    domain.advance(1)
    expect(await prune()).toBe(4)
    expect(await sequences()).toEqual([5, 6, 7])
    expect(await verify()).toMatchObject({ isIntact: true, entryCount: 3, lastSequence: 7 })
    await write(1)
    expect(await verify()).toMatchObject({ isIntact: true, lastSequence: 8 })
    await remove(5)
    expect((await verify()).findings).toMatchObject([{ kind: 'missing', sequence: 5, lastSequence: 5 }])
  })

  it('leaves the newest entry, however old, and cuts further when others come', async () => {
    await write(3)
    domain.advance(365 * DAY_MS)
    expect(await prune()).toBe(2)
    expect(await sequences()).toEqual([3])
    expect(await verify()).toMatchObject({ isIntact: true, entryCount: 1 })
    await write(1)
    expect(await prune()).toBe(1)
    expect(await sequences()).toEqual([4])
    expect(await verify()).toMatchObject({ isIntact: true, entryCount: 1, lastSequence: 4 })
  })

  it('removes hundreds in batches, and those of organizations that are gone', async () => {
    await write(620)
    await domain.storage.organizations.delete(organizationId)
    domain.advance(31 * DAY_MS)
    expect(await prune()).toBe(619)
    expect(await sequences()).toEqual([620])
    expect((await verify()).isIntact).toBe(true)
  })

  it('by several processes at once removes each entry once', async () => {
    await write(520)
    domain.advance(31 * DAY_MS)
    const counts = await Promise.all([prune(), prune(), prune()])
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(519)
    expect((await verify()).isIntact).toBe(true)
  })

  it('stops before an entry that is younger than one behind it: what is cut is a beginning', async () => {
    await write(2)
    domain.advance(31 * DAY_MS)
    await write(1)
    domain.advance(-31 * DAY_MS)
    await write(2)
    domain.advance(31 * DAY_MS)
    expect(await prune()).toBe(2)
    expect(await sequences()).toEqual([3, 4, 5])
  })

  it.each<[string, number, () => Promise<void>]>([
    ['made older than it is', 2, () => change(2, { created_at: 0 })],
    ['altered', 1, () => change(1, { action: 'project.deleted' })],
    ['removed', 2, () => remove(2)],
    [
      'removed, with a checkpoint that covers it up',
      1,
      async () => {
        await remove(1)
        const first = { checkpoint_sequence: 1, checkpoint_hash: 'x', checkpoint_at: 0 }
        await changeChain({ ...first, checkpoint_signature: 'A'.repeat(86) })
      },
    ],
    ['signed anew by nobody', 3, () => change(3, { signature: 'A'.repeat(86) })],
  ])(
    'does not cover up what was %s: nothing is removed, and the server says so',
    async (_, sequence, tamper) => {
      await write(3)
      domain.advance(31 * DAY_MS)
      await write(1)
      await tamper()
      const before = await sequences()
      expect(await prune()).toBe(0)
      expect(await sequences()).toEqual(before)
      expect(broken()).toEqual([{ event: 'audit_log.broken', organizationId, sequence }])
    },
  )
})
