import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../testing/test-domain'
import type { SessionPrincipal } from './principals/principal'
import { UseRecorder } from './use-recorder'

describeOnEachEngine('the use of keys and sessions', open => {
  let domain: TestDomain
  let user: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
  })
  beforeEach(async () => {
    user = await domain.signUp()
  })
  const uses = () => domain.context.uses
  const keyUse = (id: string) =>
    domain.engine.db
      .selectFrom('api_keys')
      .select(['request_count', 'last_request_at'])
      .where('id', '=', id)
      .executeTakeFirst()
      .then(row => row && [row.request_count, row.last_request_at])
  const lastSeen = async (id: string) =>
    (
      await domain.engine.db
        .selectFrom('sessions')
        .select('last_seen_at')
        .where('id', '=', id)
        .executeTakeFirst()
    )?.last_seen_at

  it('is written behind the requests, all at once', async () => {
    const { row } = await domain.createKey(user)
    domain.statements.length = 0
    for (let request = 0; request < 100; request++) uses().recordKey(row.id)
    domain.advance(5)
    uses().recordKey(row.id)
    uses().recordSession(user.credentialId)
    expect(domain.statements).toEqual([])
    expect(uses().pendingKeyUse(row.id)).toEqual({ requests: 101, lastRequestAt: domain.now() })
    await uses().flush()
    expect(domain.statements).toEqual(['UpdateQueryNode', 'UpdateQueryNode'])
    expect(await keyUse(row.id)).toEqual([101, domain.now()])
    expect(await lastSeen(user.credentialId)).toBe(domain.now())
    expect(uses().pendingKeyUse(row.id)).toBeUndefined()
    await uses().flush()
    expect(domain.statements).toHaveLength(2)
  })

  it('is complete after a clean stop, with several recorders too', async () => {
    const { row } = await domain.createKey(user)
    const other = new UseRecorder(domain.storage, domain.context.clock, domain.context.logger)
    uses().recordKey(row.id)
    const early = domain.now()
    domain.advance(1000)
    other.recordKey(row.id)
    other.recordSession(user.credentialId)
    const late = domain.now()
    await other.stop()
    await uses().stop()
    expect(early).toBeLessThan(late)
    expect(await keyUse(row.id)).toEqual([2, late])
    expect(await lastSeen(user.credentialId)).toBe(late)
  })

  it('of a key that was deleted meanwhile does no harm to the others', async () => {
    const [kept, gone] = [await domain.createKey(user), await domain.createKey(user)]
    for (const { row } of [kept, gone]) uses().recordKey(row.id)
    uses().recordSession('a session that is gone')
    await domain.engine.db.deleteFrom('api_keys').where('id', '=', gone.row.id).execute()
    await uses().flush()
    expect(await keyUse(kept.row.id)).toEqual([1, domain.now()])
    expect(await keyUse(gone.row.id)).toBeUndefined()
  })

  it('is kept if it cannot be written, and added to what comes meanwhile', async () => {
    const { row } = await domain.createKey(user)
    let isAway = true
    const failing = new UseRecorder(
      {
        ...domain.storage,
        transaction: work => (isAway ? Promise.reject(new Error('away')) : domain.storage.transaction(work)),
      },
      domain.context.clock,
      domain.context.logger,
    )
    failing.recordKey(row.id)
    failing.recordSession(user.credentialId)
    const seenAt = domain.now()
    const flushing = failing.flush()
    domain.advance(10)
    failing.recordKey(row.id)
    await expect(flushing).rejects.toThrow('away')
    expect(failing.pendingKeyUse(row.id)).toEqual({ requests: 2, lastRequestAt: domain.now() })
    isAway = false
    await failing.flush()
    expect(await keyUse(row.id)).toEqual([2, domain.now()])
    expect(await lastSeen(user.credentialId)).toBe(seenAt)
  })

  it('is counted once, however many flushes overlap', async () => {
    const { row } = await domain.createKey(user)
    const flushes: Promise<void>[] = []
    for (let request = 0; request < 20; request++) {
      uses().recordKey(row.id)
      flushes.push(uses().flush())
    }
    await Promise.all(flushes)
    expect(await keyUse(row.id)).toEqual([20, domain.now()])
  })

  describe('of many keys', () => {
    const makeMany = async (count: number) => {
      const { row } = await domain.createKey(user)
      const rows = Array.from({ length: count }, (_, index) => ({
        ...row,
        id: `${row.id}-${index}`,
        key_hash: `${row.key_hash}-${index}`,
      }))
      await domain.engine.db.insertInto('api_keys').values(rows).execute()
      return rows.map(({ id }) => id)
    }
    const countedOnce = async (ids: string[], requests: number) => {
      const { db } = domain.engine
      const rows = await db.selectFrom('api_keys').select('request_count').where('id', 'in', ids).execute()
      expect(rows.map(row => row.request_count)).toEqual(ids.map(() => requests))
    }

    it('by two recorders at once ends, and counts both', async () => {
      const ids = await makeMany(50)
      const recorders = [0, 1].map(
        () => new UseRecorder(domain.storage, domain.context.clock, domain.context.logger),
      )
      for (const id of ids) recorders[0]?.recordKey(id)
      for (const id of [...ids].reverse()) recorders[1]?.recordKey(id)
      await Promise.all(recorders.map(recorder => recorder.flush()))
      await countedOnce(ids, 2)
    })

    it('is written in turns that let requests pass', async () => {
      const ids = await makeMany(700)
      for (const id of ids) uses().recordKey(id)
      let isDone = false
      const flushing = uses().flush()
      flushing.then(() => {
        isDone = true
      })
      for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
      expect(isDone).toBe(false)
      await flushing
      await countedOnce(ids, 1)
    })

    it('is kept from the batch on that could not be written', async () => {
      const ids = await makeMany(700)
      let batches = 0
      const failing = new UseRecorder(
        {
          ...domain.storage,
          transaction: work =>
            ++batches === 2 ? Promise.reject(new Error('away')) : domain.storage.transaction(work),
        },
        domain.context.clock,
        domain.context.logger,
      )
      for (const id of ids) failing.recordKey(id)
      await expect(failing.flush()).rejects.toThrow('away')
      await failing.stop()
      await countedOnce(ids, 1)
    })
  })
})
