import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import type { StorageEngine } from '../engine'
import { type OutboxRow, OutboxStore } from './outbox-store'

const row = (id: string, values: Partial<OutboxRow> = {}): OutboxRow => ({
  id,
  sealed_mail: `sealed ${id}`,
  attempts: 0,
  next_attempt_at: 100,
  sent_at: null,
  last_error: null,
  created_at: 50,
  ...values,
})

describeOnEachEngine('the outbox', open => {
  let engine: StorageEngine
  let outbox: OutboxStore
  beforeAll(async () => {
    engine = await open()
    outbox = new OutboxStore(engine.db)
  })
  beforeEach(async () => {
    await engine.db.deleteFrom('outbox').execute()
  })
  const rowOf = (id: string) =>
    engine.db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const idsOf = (claimed: { id: string }[]) => claimed.map(({ id }) => id).sort()

  it('gives out what is due, the longest due first, up to a number', async () => {
    for (const [id, next_attempt_at] of Object.entries({ late: 90, later: 95, due: 100, early: 101 })) {
      await outbox.insert(row(id, { next_attempt_at }))
    }
    expect(idsOf(await outbox.claimDue(100, 2, 1000))).toEqual(['late', 'later'])
    expect(await outbox.claimDue(100, 10, 1000)).toEqual([
      { id: 'due', sealedMail: 'sealed due', attempts: 0, createdAt: 50 },
    ])
    expect(await outbox.claimDue(100, 10, 1000)).toEqual([])
  })

  it('gives a mail again only when its lease is over', async () => {
    await outbox.insert(row('mail'))
    await outbox.claimDue(100, 10, 1000)
    expect(await outbox.claimDue(1099, 10, 1000)).toEqual([])
    expect(idsOf(await outbox.claimDue(1100, 10, 1000))).toEqual(['mail'])
  })

  it('gives each mail to one of many workers', async () => {
    for (let index = 0; index < 30; index++) await outbox.insert(row(`mail-${index}`))
    const claims = await Promise.all(Array.from({ length: 10 }, () => outbox.claimDue(100, 10, 1000)))
    const ids = claims.flat().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(0)
  })

  it('keeps nothing of the mail once it is sent, and never gives it again', async () => {
    await outbox.insert(row('mail', { last_error: 'refused' }))
    await outbox.markSent('mail', 200)
    expect(await rowOf('mail')).toMatchObject({ sealed_mail: '', sent_at: 200, last_error: null })
    expect(await outbox.claimDue(10_000, 10, 1000)).toEqual([])
  })

  it('counts failures and waits for the next time', async () => {
    await outbox.insert(row('mail'))
    await outbox.markFailed('mail', 500, 'away')
    await outbox.markFailed('mail', 600, 'still away')
    expect(await rowOf('mail')).toMatchObject({ attempts: 2, next_attempt_at: 600, last_error: 'still away' })
    expect(await outbox.claimDue(599, 10, 1000)).toEqual([])
    expect(await outbox.claimDue(600, 10, 1000)).toMatchObject([{ attempts: 2 }])
  })
})
