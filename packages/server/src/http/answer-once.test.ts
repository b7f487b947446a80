import { defineEndpoint } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { DomainError } from '../domain/domain-error'
import type { SessionPrincipal } from '../domain/principals/principal'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../testing/test-domain'
import { answerOnce } from './answer-once'

const endpoint = defineEndpoint({
  method: 'POST',
  path: '/things',
  summary: 'Make a thing',
  access: { kind: 'account', scopes: [] },
  response: z.object({}),
  idempotency: 'answer',
  status: 201,
  message: 'Made',
  errors: [],
})

describeOnEachEngine('a write that may be sent again', open => {
  let domain: TestDomain
  let principal: SessionPrincipal
  let made: number
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    principal = await domain.signUp()
    made = 0
    domain.logged.length = 0
  })
  const input = { params: {}, query: undefined, body: { name: 'x' } }
  const send = (context = domain.context, refusal?: Error) =>
    answerOnce(context, { principal, key: 'key', endpoint, input }, async () => {
      made++
      if (refusal) throw refusal
      return { status: 201, body: `{"made":${made}}`, headers: { 'X-Once': '1' } }
    })
  /** The domain with a database that goes away for one kind of statement on claims. */
  const without = (statement: 'delete' | 'update') => {
    const { storage } = domain.context
    const idempotencyClaims = Object.create(storage.idempotencyClaims, {
      [statement]: { value: () => Promise.reject(new Error('the database is away')) },
    })
    return { ...domain.context, storage: { ...storage, idempotencyClaims } }
  }

  it('has the body of the first answer, and says that it is not the first', async () => {
    expect(await send()).toEqual({ status: 201, body: '{"made":1}', headers: { 'X-Once': '1' } })
    const again = { status: 201, body: '{"made":1}', headers: { 'Idempotent-Replayed': 'true' } }
    expect([await send(), await send()]).toEqual([again, again])
    expect(made).toBe(1)
  })

  it('is answered though its answer cannot be kept, and the operator is told', async () => {
    expect(await send(without('update'))).toMatchObject({ body: '{"made":1}' })
    expect(domain.logged).toMatchObject([{ event: 'idempotency.answer_lost' }])
  })

  it('is refused for its own reason though its key cannot be freed, and the operator is told', async () => {
    await expect(send(without('delete'), new DomainError('PLAN_LIMIT_REACHED'))).rejects.toMatchObject({
      code: 'PLAN_LIMIT_REACHED',
    })
    expect(domain.logged).toMatchObject([{ event: 'idempotency.claim_not_released' }])
    domain.advance(2 * 60_000)
    expect(await send()).toMatchObject({ status: 201 })
  })

  it('is carried out if it was refused before', async () => {
    await expect(send(domain.context, new DomainError('NOT_FOUND'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await send()).toMatchObject({ body: '{"made":2}' })
  })
})
