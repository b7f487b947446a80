import { verifyAuditLog } from '@snoop/sdk'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { ActorFacts } from './record-act'
import { describeActor } from './record-act'
import { type Refusal, RefusalRecorder } from './refusal-recorder'
import { exportedLog } from './testing/exported-log'

describeOnEachEngine('refusals', open => {
  let domain: TestDomain
  let by: ActorFacts
  beforeAll(async () => {
    domain = createTestDomain(await open())
    by = describeActor(actorOf(await domain.signUp()))
  })

  const refusal = (organizationId: string, more: Partial<Refusal> = {}): Refusal => ({
    by,
    organizationId,
    action: 'access.refused',
    outcome: 'refused',
    resource: { type: 'endpoint', id: 'members.remove' },
    details: { code: 'INSUFFICIENT_PERMISSIONS' },
    ...more,
  })
  const entriesOf = async (organizationId: string) => {
    const log = await exportedLog(domain.context, organizationId)
    expect((await verifyAuditLog(log)).isIntact).toBe(true)
    return log.lines.filter(Boolean).map(line => JSON.parse(line))
  }
  const flush = () => domain.context.refusals.flush()

  it('are written a moment later, with who was refused what, and equal ones are one entry', async () => {
    const organizationId = await domain.foundOrganization({})
    for (let time = 0; time < 1_000; time++) domain.context.refusals.record(refusal(organizationId))
    domain.context.refusals.record(refusal(organizationId, { details: { code: 'FORBIDDEN' } }))
    expect(await entriesOf(organizationId)).toEqual([])
    await flush()
    const entries = await entriesOf(organizationId)
    expect(entries).toHaveLength(2)
    expect(entries[0]).toMatchObject({
      ...by,
      action: 'access.refused',
      outcome: 'refused',
      resourceType: 'endpoint',
      resourceId: 'members.remove',
      details: { code: 'INSUFFICIENT_PERMISSIONS', count: 1_000 },
    })
    expect(entries[1].details).toEqual({ code: 'FORBIDDEN', count: 1 })
    await flush()
    expect(await entriesOf(organizationId)).toHaveLength(2)
  })

  it('of different credentials, routes and organizations are entries of their own', async () => {
    const [one, other] = [await domain.foundOrganization({}), await domain.foundOrganization({})]
    const { refusals } = domain.context
    refusals.record(refusal(one))
    refusals.record(refusal(one, { by: { ...by, credentialType: 'api_key', credentialId: 'ak_1' } }))
    refusals.record(refusal(one, { resource: { type: 'endpoint', id: 'members.list' } }))
    refusals.record(
      refusal(one, {
        action: 'api_key.rotated_out_used',
        resource: { type: 'api_key', id: 'ak_1' },
        details: { rotatedTo: 'ak_2' },
      }),
    )
    refusals.record(refusal(other))
    await flush()
    const entries = await entriesOf(one)
    expect(entries.map(({ action, credentialId, resourceId }) => [action, credentialId, resourceId])).toEqual(
      [
        ['access.refused', by.credentialId, 'members.remove'],
        ['access.refused', 'ak_1', 'members.remove'],
        ['access.refused', by.credentialId, 'members.list'],
        ['api_key.rotated_out_used', by.credentialId, 'ak_1'],
      ],
    )
    expect(entries.at(-1).details).toEqual({ rotatedTo: 'ak_2', count: 1 })
    expect(await entriesOf(other)).toHaveLength(1)
  })

  it('in an organization that does not exist write nothing', async () => {
    domain.context.refusals.record(refusal('01NOSUCHORGANIZATION'))
    await flush()
    expect(await domain.storage.auditLogs.findChain('01NOSUCHORGANIZATION')).toBeUndefined()
  })

  it('that cannot be written now are written later, once, with those that came meanwhile', async () => {
    const organizationId = await domain.foundOrganization({})
    let isAway = true
    const storage = {
      ...domain.storage,
      transaction: (async work => {
        if (isAway) throw new Error('no database')
        return domain.storage.transaction(work)
      }) as typeof domain.storage.transaction,
    }
    const recorder = new RefusalRecorder({ ...domain.context, storage }, domain.context.logger)
    recorder.record(refusal(organizationId))
    await expect(recorder.flush()).rejects.toThrow('no database')
    recorder.record(refusal(organizationId))
    isAway = false
    await recorder.stop()
    expect((await entriesOf(organizationId)).map(({ details }) => details.count)).toEqual([2])
  })

  it('beyond ten thousand different ones are only counted', async () => {
    const storage = { ...domain.storage, transaction: async () => undefined as never }
    const recorder = new RefusalRecorder({ ...domain.context, storage }, domain.context.logger)
    for (let id = 0; id < 10_007; id++) recorder.record(refusal(`01NOSUCH${id}`))
    recorder.record(refusal('01NOSUCH0'))
    await recorder.flush()
    expect(domain.logged).toContainEqual({ event: 'audit_log.refusals_dropped', dropped: 7 })
  })
})
