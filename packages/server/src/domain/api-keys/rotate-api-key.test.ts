import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import type { ApiKeyRow } from '../records'
import { describeApiKey } from './describe-api-key'
import { revokeApiKey } from './revoke-api-key'
import { type Rotation, rotateApiKey } from './rotate-api-key'
import { updateApiKey } from './update-api-key'
import { verifyApiKey } from './verify-api-key'

const HOUR = 3600

describeOnEachEngine('rotating a key', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
    owner = await domain.signUp()
  })

  const rotate = (keyId: string, rotation: Partial<Rotation> = {}, by: Principal = owner) =>
    rotateApiKey(domain.context, actorOf(by), {
      keyId,
      gracePeriodSeconds: 0,
      expiresInSeconds: undefined,
      requestKey: undefined,
      ...rotation,
    })
  const rowOf = async (id: string): Promise<ApiKeyRow> => {
    const row = await domain.storage.apiKeys.find({ userId: owner.userId, organizationId: null }, id)
    if (!row) throw new Error(`no key ${id}`)
    return row
  }
  const accepted = async (...keys: string[]): Promise<boolean[]> => {
    const verdicts: boolean[] = []
    for (const key of keys) verdicts.push(await domain.isAccepted(key))
    return verdicts
  }
  const conflict = (rotatedTo: string) => expect.objectContaining({ code: 'CONFLICT', detail: { rotatedTo } })

  it('keeps name, scopes, pin, metadata, limits and end', async () => {
    const organizationId = await domain.foundOrganization({ [owner.userId]: 'member' })
    const old = await domain.createKey(owner, {
      name: 'deploy',
      scopes: ['projects:read', 'user:read'],
      metadata: { organizationId, team: 'x' },
      expiresInSeconds: 30 * HOUR,
      rateLimitMax: 7,
      rateLimitTimeWindow: 1234,
    })
    domain.advance(5000)
    const { row, key } = await rotate(old.row.id)
    const { id, start, key_hash, created_at, updated_at, ...kept } = await rowOf(row.id)
    expect(old.row).toMatchObject(kept)
    expect(row).toMatchObject({ id, start, key_hash, created_at: domain.now(), updated_at })
    expect(key.startsWith(start)).toBe(true)
    expect([id, start, key_hash]).not.toEqual([old.row.id, old.row.start, old.row.key_hash])
    expect((await rowOf(old.row.id)).rotated_to).toBe(id)
    expect(await accepted(old.key, key)).toEqual([false, true])
  })

  it('lets the old secret live for the grace period, to the second', async () => {
    const old = await domain.createKey(owner)
    const successor = await rotate(old.row.id, { gracePeriodSeconds: HOUR })
    domain.advance(HOUR * 1000 - 1)
    expect(await accepted(old.key, successor.key)).toEqual([true, true])
    domain.advance(1)
    expect(await accepted(old.key, successor.key)).toEqual([false, true])
  })

  it('never lets the old secret live longer than it would have', async () => {
    const old = await domain.createKey(owner, { expiresInSeconds: 60 })
    const successor = await rotate(old.row.id, { gracePeriodSeconds: HOUR, expiresInSeconds: 2 * HOUR })
    expect((await rowOf(old.row.id)).expires_at).toBe(old.row.expires_at)
    domain.advance(60_000)
    expect(await accepted(old.key, successor.key)).toEqual([false, true])
    domain.advance(2 * HOUR * 1000 - 60_000)
    expect(await accepted(successor.key)).toEqual([false])
  })

  it('leaves two live secrets at most, however long the grace periods', async () => {
    const first = await domain.createKey(owner)
    const second = await rotate(first.row.id, { gracePeriodSeconds: 30 * HOUR })
    const third = await rotate(second.row.id, { gracePeriodSeconds: 30 * HOUR })
    expect(await accepted(first.key, second.key, third.key)).toEqual([false, true, true])
  })

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['revoked', id => revokeApiKey(domain.context, actorOf(owner), id)],
    ['disabled', id => updateApiKey(domain.context, actorOf(owner), id, { enabled: false })],
    ['expired', async id => updateApiKey(domain.context, actorOf(owner), id, { expiresAt: domain.now() })],
  ])('is refused for a %s key', async (_state, end) => {
    const old = await domain.createKey(owner)
    await end(old.row.id)
    await expect(rotate(old.row.id)).rejects.toMatchObject({ code: 'CONFLICT', detail: {} })
    expect((await rowOf(old.row.id)).rotated_to).toBeNull()
  })

  it('is refused the second time, naming the successor', async () => {
    const old = await domain.createKey(owner)
    const { row } = await rotate(old.row.id, { gracePeriodSeconds: HOUR, requestKey: 'request-1' })
    await expect(rotate(old.row.id)).rejects.toEqual(conflict(row.id))
    await expect(rotate(old.row.id, { requestKey: 'request-2' })).rejects.toEqual(conflict(row.id))
  })

  it('gives no fresh window of requests', async () => {
    const old = await domain.createKey(owner, { rateLimitMax: 3, rateLimitTimeWindow: 60_000 })
    const rule = { max: 3, windowMs: 60_000 }
    for (let request = 0; request < 3; request++) await domain.context.keyLimiter.take(old.row.id, rule)
    const { row } = await rotate(old.row.id)
    expect(await domain.context.keyLimiter.take(row.id, rule)).toMatchObject({ allowed: false })
  })

  describe('of a limited key', () => {
    const LIMIT = { rateLimitMax: 100, rateLimitTimeWindow: 60_000 }
    /** Asks about the keys in turn, as their limits count. @returns how many answers were VALID */
    const passed = async (times: number, ...keys: string[]) => {
      let valid = 0
      for (let n = 0; n < times; n++) {
        const question = { key: keys[n % keys.length] ?? '', scopes: [], organizationId: undefined }
        const { code } = await verifyApiKey(domain.context, owner, question)
        if (code === 'VALID') valid++
        else expect(code).toBe('RATE_LIMITED')
      }
      return valid
    }
    const subjectOf = async (key: string) => (await domain.principalOf(key)).limiterSubject
    const remaining = async (id: string) => (await describeApiKey(domain.context, await rowOf(id))).remaining

    it('lets the old and the new secret together make the requests of one', async () => {
      const old = await domain.createKey(owner, LIMIT)
      expect(await subjectOf(old.key)).toBe(old.row.id)
      expect(await passed(30, old.key)).toBe(30)
      const next = await rotate(old.row.id, { gracePeriodSeconds: HOUR })
      expect([await remaining(old.row.id), await remaining(next.row.id)]).toEqual([70, 70])
      expect([await subjectOf(old.key), await subjectOf(next.key)]).toEqual([next.row.id, next.row.id])
      expect(await passed(120, old.key, next.key)).toBe(70)
      domain.advance(60_000)
      expect(await passed(240, old.key, next.key)).toBe(100)
      expect([await remaining(old.row.id), await remaining(next.row.id)]).toEqual([0, 0])
    })

    it('passes the window on along a chain of rotations', async () => {
      const first = await domain.createKey(owner, LIMIT)
      expect(await passed(10, first.key)).toBe(10)
      const second = await rotate(first.row.id, { gracePeriodSeconds: HOUR })
      expect(await passed(20, first.key, second.key)).toBe(20)
      const third = await rotate(second.row.id, { gracePeriodSeconds: HOUR })
      expect(await accepted(first.key)).toEqual([false])
      expect(await passed(200, second.key, third.key)).toBe(70)
    })

    it('gives nothing back when it is asked for again', async () => {
      const old = await domain.createKey(owner, LIMIT)
      const rotation = { gracePeriodSeconds: HOUR, requestKey: 'request' }
      expect(await passed(10, old.key)).toBe(10)
      await rotate(old.row.id, rotation)
      expect(await passed(80, old.key)).toBe(80)
      const { key } = await rotate(old.row.id, rotation)
      expect(await passed(200, old.key, key)).toBe(10)
    })

    it('forgets no request that came before the window was passed on', async () => {
      const { keyLimiter } = domain.context
      const old = await domain.createKey(owner, LIMIT)
      expect(await passed(40, old.key)).toBe(40)
      let early = 0
      const handOver: typeof keyLimiter.handOver = async (...handed) => {
        early = await passed(5, old.key)
        await keyLimiter.handOver(...handed)
      }
      const context = {
        ...domain.context,
        keyLimiter: {
          take: keyLimiter.take.bind(keyLimiter),
          peek: keyLimiter.peek.bind(keyLimiter),
          handOver,
        },
      }
      const rotation = { keyId: old.row.id, expiresInSeconds: undefined, requestKey: undefined }
      const next = await rotateApiKey(context, actorOf(owner), { ...rotation, gracePeriodSeconds: HOUR })
      expect(early).toBe(5)
      expect(await passed(200, old.key, next.key)).toBe(55)
    })
  })

  describe('again with the same Idempotency-Key', () => {
    const requestKey = 'a-request'

    it('gives a fresh secret of the same successor; the lost one is dead', async () => {
      const old = await domain.createKey(owner)
      const lost = await rotate(old.row.id, { requestKey })
      const found = await rotate(old.row.id, { requestKey })
      expect(found.row).toMatchObject({ id: lost.row.id, expires_at: lost.row.expires_at })
      expect(await accepted(old.key, lost.key, found.key)).toEqual([false, false, true])
    })

    it('is refused once the successor was used', async () => {
      const old = await domain.createKey(owner)
      const { row, key } = await rotate(old.row.id, { requestKey })
      await domain.principalOf(key)
      await expect(rotate(old.row.id, { requestKey })).rejects.toEqual(conflict(row.id))
      expect(await domain.isAccepted(key)).toBe(true)
    })

    it('is refused after a day, and once the successor is revoked or rotated', async () => {
      const [old, other, third] = [
        await domain.createKey(owner),
        await domain.createKey(owner),
        await domain.createKey(owner),
      ]
      const successor = await rotate(other.row.id, { requestKey })
      await revokeApiKey(domain.context, actorOf(owner), successor.row.id)
      await expect(rotate(other.row.id, { requestKey })).rejects.toEqual(conflict(successor.row.id))
      const middle = await rotate(third.row.id, { requestKey })
      await rotate(middle.row.id, { requestKey: 'another' })
      await expect(rotate(third.row.id, { requestKey })).rejects.toEqual(conflict(middle.row.id))
      const { row } = await rotate(old.row.id, { requestKey })
      domain.advance(24 * HOUR * 1000)
      await expect(rotate(old.row.id, { requestKey })).rejects.toEqual(conflict(row.id))
    })

    it('in the moment of the first use leaves one of the two: the secret in use, or the fresh one', async () => {
      for (let round = 0; round < 40; round++) {
        const old = await domain.createKey(owner)
        const { key } = await rotate(old.row.id, { requestKey })
        const repeating = rotate(old.row.id, { requestKey }).catch(() => undefined)
        for (let turn = 0; turn < round; turn++) await new Promise(resolve => setImmediate(resolve))
        const isUsed = await domain.isAccepted(key)
        const repeated = await repeating
        expect(isUsed).toBe(repeated === undefined)
        expect(await accepted(key, repeated?.key ?? '')).toEqual([isUsed, !isUsed])
      }
    })

    it('lets a key ask again for what it was given in exchange for itself', async () => {
      const old = await domain.createKey(owner)
      const lost = await rotate(
        old.row.id,
        { requestKey, gracePeriodSeconds: HOUR },
        await domain.principalOf(old.key),
      )
      const found = await rotate(old.row.id, { requestKey }, await domain.principalOf(old.key))
      expect(found.row.id).toBe(lost.row.id)
      expect(await accepted(lost.key, found.key)).toEqual([false, true])
    })

    it('gives no other key a successor that is more than itself', async () => {
      const old = await domain.createKey(owner)
      const lost = await rotate(old.row.id, { requestKey })
      const shortLived = await domain.createKey(owner, { expiresInSeconds: 60 })
      const thief = await domain.principalOf(shortLived.key)
      await expect(rotate(old.row.id, { requestKey }, thief)).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      })
      expect(await accepted(lost.key)).toEqual([true])
    })
  })

  describe('many times at once', () => {
    it('makes exactly one successor, and refuses the others', async () => {
      const old = await domain.createKey(owner)
      const results = await Promise.allSettled(Array.from({ length: 50 }, () => rotate(old.row.id)))
      const issued = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
      const refused = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
      expect(issued).toHaveLength(1)
      expect(refused).toEqual(Array(49).fill(conflict(issued[0]?.row.id ?? '')))
    })

    it('with one Idempotency-Key makes one successor with one live secret', async () => {
      const old = await domain.createKey(owner)
      const issued = await Promise.all(
        Array.from({ length: 50 }, () => rotate(old.row.id, { requestKey: 'same' })),
      )
      expect(new Set(issued.map(({ row }) => row.id)).size).toBe(1)
      const hashOfRecord = (await rowOf(issued[0]?.row.id ?? '')).key_hash
      const live = issued.filter(({ row }) => row.key_hash === hashOfRecord)
      expect(live).toHaveLength(1)
      expect(await accepted(live[0]?.key ?? '')).toEqual([true])
    })

    // The owner narrows a key while somebody rotates it: either the successor is as narrow, or the owner is told no.
    it.each<[string, Parameters<typeof updateApiKey>[3], Partial<ApiKeyRow>]>([
      ['disabled', { enabled: false }, { enabled: 0 }],
      ['given an end', { expiresAt: Date.UTC(2027, 0, 1) }, { expires_at: Date.UTC(2027, 0, 1) }],
      ['limited', { rateLimitEnabled: true, rateLimitMax: 1 }, { rate_limit_max: 1, rate_limit_enabled: 1 }],
    ])('never loses that the key was %s in the same moment', async (_what, change, narrowed) => {
      for (let round = 0; round < 15; round++) {
        const old = await domain.createKey(owner)
        const [update, rotation] = await Promise.allSettled([
          updateApiKey(domain.context, actorOf(owner), old.row.id, change),
          rotate(old.row.id),
        ])
        if (update.status === 'rejected') {
          expect(update.reason).toMatchObject({ code: 'CONFLICT' })
          expect(rotation.status).toBe('fulfilled')
        } else if (rotation.status === 'fulfilled') {
          expect(rotation.value.row).toMatchObject(narrowed)
        }
      }
    })
  })

  it('reports who still uses the old secret', async () => {
    const old = await domain.createKey(owner)
    const { row } = await rotate(old.row.id, { gracePeriodSeconds: 60 })
    const reports = () =>
      domain.logged.filter(({ event, keyId }) => event === 'api_key.rotated_out_used' && keyId === old.row.id)
    expect(await domain.isAccepted(old.key)).toBe(true)
    expect(reports()).toEqual([])
    domain.advance(60_000)
    expect(await domain.isAccepted(old.key)).toBe(false)
    expect(reports()).toEqual([
      { event: 'api_key.rotated_out_used', keyId: old.row.id, userId: owner.userId, rotatedTo: row.id },
    ])
  })
})
