import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { searchTables } from '../../testing/search-tables'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { createOrganization } from '../organizations/create-organization'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { hashSecret } from '../secret-hash'
import { claimWrite, keepAnswer, releaseClaim } from './claim-write'
import type { IdempotencyClaim } from './idempotency-claim'
import { settleClaim } from './settle-claim'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describeOnEachEngine('a write with an Idempotency-Key', open => {
  let domain: TestDomain
  let user: SessionPrincipal
  let counter = 0
  let key: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
  })
  beforeEach(async () => {
    user = await domain.signUp()
    key = `idempotency-key-${++counter}`
  })

  const ask = (request = 'make it', by: Principal = user) =>
    claimWrite(domain.context, { principal: by, key, request })
  const claim = async (request?: string, by?: Principal): Promise<IdempotencyClaim> => {
    const write = await ask(request, by)
    if (write.outcome !== 'claimed') throw new Error('the write was carried out before')
    return write.claim
  }
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      error => `${error.code}: ${error.message}`,
    )
  const make = (claim: IdempotencyClaim, slug?: string) =>
    createOrganization(domain.context, { ...actorOf(user), claim }, { name: 'Made once', slug })
  const countMade = async () => {
    const page = { offset: 0, limit: 100, sort: 'name' }
    return (await domain.storage.organizations.list(user.userId, null, page)).total
  }

  const RUNNING = expect.stringMatching(/^CONFLICT: .*still running; ask again in a moment$/)
  const LOST = expect.stringMatching(/^CONFLICT: .*was carried out, but its answer was lost/)
  const OTHER = expect.stringMatching(/^CONFLICT: .*was used for another request; use a new one$/)

  describe('that was answered', () => {
    it('gets the same answer for 24 hours, and is anew after that', async () => {
      const began = await claim()
      await make(began)
      await keepAnswer(domain.context, began, '{"status":201}')
      domain.advance(24 * HOUR - 1)
      expect(await ask()).toEqual({ outcome: 'answered', answer: '{"status":201}' })
      domain.advance(1)
      await make(await claim())
      expect(await countMade()).toBe(2)
    })

    it('is another request with another route or body', async () => {
      await keepAnswer(domain.context, await claim(), 'answer')
      expect(await refusal(ask('make something else'))).toEqual(OTHER)
      expect(await ask()).toEqual({ outcome: 'answered', answer: 'answer' })
    })

    it("is nothing to another user's request with the same key", async () => {
      await keepAnswer(domain.context, await claim(), 'mine')
      const other = await domain.signUp()
      const theirs = await claim('make it', other)
      await keepAnswer(domain.context, theirs, 'theirs')
      expect(await ask()).toEqual({ outcome: 'answered', answer: 'mine' })
      expect(await ask('make it', other)).toEqual({ outcome: 'answered', answer: 'theirs' })
    })

    it('is answered to other sessions of the user, to no narrower key, and to a key only by itself', async () => {
      const first = await domain.principalOf(
        (await domain.createKey(user, { scopes: ['api-keys:write'] })).key,
      )
      const second = await domain.principalOf((await domain.createKey(user)).key)
      await keepAnswer(domain.context, await claim(), 'of the session')
      expect(await ask('make it', { ...user, credentialId: 'another session' })).toMatchObject({
        answer: 'of the session',
      })
      expect(await refusal(ask('make it', first))).toEqual(OTHER)
      key = `of the key ${counter}`
      await keepAnswer(domain.context, await claim('make it', second), 'of the key')
      expect(await ask('make it', second)).toEqual({ outcome: 'answered', answer: 'of the key' })
      expect(await refusal(ask('make it', first))).toEqual(OTHER)
    })

    it('leaves neither key nor answer where the database can be read', async () => {
      const secret = `ba_the-secret-of-a-new-key-${counter}`
      const request = `{"name":"Secret plans ${counter}"}`
      await keepAnswer(domain.context, await claim(request), JSON.stringify({ body: secret }))
      const traces = [secret, key, request, ...[key, request].map(hashSecret)]
      expect(await searchTables(domain.engine.db, traces)).toEqual([])
      expect(await searchTables(domain.engine.db, [user.userId])).toContain('idempotency_claims.user_id')
    })

    it('cannot be opened by who has the database and moves the answer to a key of their own', async () => {
      const mallory = await domain.signUp()
      await keepAnswer(domain.context, await claim(), 'of the victim')
      await keepAnswer(domain.context, await claim('make it', mallory), 'of mallory')
      const { db } = domain.engine
      const [stolen] = await db
        .selectFrom('idempotency_claims')
        .select(['sealed_answer', 'id'])
        .where('user_id', '=', user.userId)
        .execute()
      await db.deleteFrom('idempotency_claims').where('user_id', '=', user.userId).execute()
      await db.updateTable('idempotency_claims').set(stolen!).where('user_id', '=', mallory.userId).execute()
      await expect(ask('make it', mallory)).rejects.toThrow()
    })
  })

  describe('sent ten times at once', () => {
    it('is carried out once', async () => {
      const attempts = Array.from({ length: 10 }, async () => make(await claim()))
      const outcomes = await Promise.all(attempts.map(refusal))
      expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(1)
      expect(outcomes.filter(outcome => outcome !== 'done')).toEqual(Array(9).fill(RUNNING))
      expect(await countMade()).toBe(1)
    })

    it('is carried out once, too, when all take over from a dead one', async () => {
      await claim()
      domain.advance(2 * MINUTE)
      const attempts = Array.from({ length: 10 }, async () => make(await claim()))
      const outcomes = await Promise.all(attempts.map(refusal))
      expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(1)
      expect(await countMade()).toBe(1)
    })
  })

  describe('that was refused', () => {
    it('leaves its key free', async () => {
      const { slug } = await make(await claim())
      key = `${key}-again`
      const taken = await claim()
      expect(await refusal(make(taken, slug))).toMatch(/^CONFLICT: /)
      await releaseClaim(domain.context, taken)
      await make(await claim('make another'))
      expect(await countMade()).toBe(2)
    })

    it('but was carried out before, is not free', async () => {
      const began = await claim()
      await make(began)
      await releaseClaim(domain.context, began)
      expect(await refusal(ask())).toEqual(RUNNING)
      expect(await countMade()).toBe(1)
    })
  })

  describe('whose server died', () => {
    it('before it was carried out, is free after two minutes', async () => {
      await claim()
      domain.advance(2 * MINUTE - 1)
      expect(await refusal(ask())).toEqual(RUNNING)
      domain.advance(1)
      await make(await claim())
      expect(await countMade()).toBe(1)
    })

    it('after it was carried out, is never carried out again, and says so', async () => {
      await make(await claim())
      expect(await refusal(ask())).toEqual(RUNNING)
      for (const minutes of [2, 60, 22 * 60]) {
        domain.advance(minutes * MINUTE)
        expect(await refusal(ask())).toEqual(LOST)
      }
      expect(await countMade()).toBe(1)
      domain.advance(HOUR)
      await make(await claim())
    })
  })

  describe('that is so slow that another one took its key over', () => {
    it('is not carried out, and leaves the key to the other', async () => {
      const slow = await claim()
      domain.advance(2 * MINUTE)
      const quick = await claim()
      expect(await refusal(make(slow))).toMatch(/^CONFLICT: .*took over/)
      await releaseClaim(domain.context, slow)
      await keepAnswer(domain.context, slow, 'of the slow one')
      expect(await countMade()).toBe(0)
      expect(await refusal(ask())).toEqual(RUNNING)
      await make(quick)
      await keepAnswer(domain.context, quick, 'of the quick one')
      expect(await ask()).toEqual({ outcome: 'answered', answer: 'of the quick one' })
      expect(await countMade()).toBe(1)
    })

    it('but is just being written, keeps its key', async () => {
      const slow = await claim()
      domain.advance(2 * MINUTE)
      let commit = () => {}
      let settled = () => {}
      const isSettled = new Promise<void>(resolve => {
        settled = resolve
      })
      const mayCommit = new Promise<void>(resolve => {
        commit = resolve
      })
      const writing = domain.storage.transaction(async stores => {
        await settleClaim(stores, slow)
        settled()
        await mayCommit
      })
      await isSettled
      const outcome = refusal(ask())
      commit()
      await writing
      expect(await outcome).toEqual(LOST)
    })
  })
})
