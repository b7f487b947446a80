import type { Endpoint } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain/domain-context'
import { claimWrite, keepAnswer, releaseClaim } from '../domain/idempotency/claim-write'
import type { IdempotencyClaim } from '../domain/idempotency/idempotency-claim'
import type { Principal } from '../domain/principals/principal'
import type { ValidInput } from './read-input'
import type { Answer } from './render-answer'

const REPLAYED = { 'Idempotent-Replayed': 'true' }

/** Who sends which write with which Idempotency-Key. */
export interface KeyedRequest {
  readonly principal: Principal
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
  { principal, key, endpoint, input }: KeyedRequest,
  answer: (claim: IdempotencyClaim) => Promise<Answer>,
): Promise<Answer> => {
  const request = JSON.stringify([endpoint.method, endpoint.path, input])
  const write = await claimWrite(domain, { principal, key, request })
  if (write.outcome === 'answered') return { ...(JSON.parse(write.answer) as Answer), headers: REPLAYED }
  const { claim } = write
  const logFailure = (event: string) => (err: unknown) =>
    domain.logger.error({ err, event, claimId: claim.id }, 'could not note how a write ended')
  const first = await answer(claim).catch(async refusal => {
    // A key that cannot be freed now is free later; what the caller must hear is why the write was refused.
    await releaseClaim(domain, claim).catch(logFailure('idempotency.claim_not_released'))
    throw refusal
  })
  // What is done is done: that its answer cannot be kept must not make it look undone.
  const kept = JSON.stringify({ status: first.status, body: first.body })
  await keepAnswer(domain, claim, kept).catch(logFailure('idempotency.answer_lost'))
  return first
}
