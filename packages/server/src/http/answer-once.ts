import type { Endpoint } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain/domain-context'
import { claimWrite, keepAnswer, releaseClaim } from '../domain/idempotency/claim-write'
import type { IdempotencyClaim } from '../domain/idempotency/idempotency-claim'
import type { ValidInput } from './read-input'
import type { Answer } from './render-answer'

const REPLAYED = { 'Idempotent-Replayed': 'true' }

/** Who sends which write with which Idempotency-Key. */
export interface KeyedRequest {
  readonly userId: string
  readonly key: string
  readonly endpoint: Endpoint
  readonly input: ValidInput
}

/**
 * Answers a write, and the same write with the same key as before, without doing it again.
 * @throws DomainError CONFLICT as `claimWrite` does, or what `answer` throws
 */
export const answerOnce = async (
  domain: DomainContext,
  { userId, key, endpoint, input }: KeyedRequest,
  answer: (claim: IdempotencyClaim) => Promise<Answer>,
): Promise<Answer> => {
  const request = JSON.stringify([endpoint.method, endpoint.path, input])
  const write = await claimWrite(domain, { userId, key, request })
  if (write.outcome === 'answered') return { ...(JSON.parse(write.answer) as Answer), headers: REPLAYED }
  const { claim } = write
  const first = await answer(claim).catch(async error => {
    await releaseClaim(domain, claim)
    throw error
  })
  // What is done is done: that its answer cannot be kept must not make it look undone.
  await keepAnswer(domain, claim, JSON.stringify({ status: first.status, body: first.body })).catch(err =>
    domain.logger.error({ err, event: 'idempotency.answer_lost' }, 'could not keep an answer'),
  )
  return first
}
