import { DomainError } from '../domain-error'

const MAX_TRIES = 5
const RETRY_SECONDS = 2

/**
 * Deletes what may still be paid for: ends that, deletes, and once more if somebody began to buy in between.
 * @param attempt ends the subscriptions, then deletes in a transaction that asks `isPaidFor` again. @returns undefined:
 *   something was bought meanwhile, and nothing was deleted
 * @throws DomainError SERVICE_UNAVAILABLE if others go on buying; and what `attempt` throws
 */
export const tryUntilUnpaid = async <T>(attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const done = await attempt()
    if (done !== undefined) return done
  }
  throw new DomainError('SERVICE_UNAVAILABLE', {
    message: 'Something is being bought for an organization that is to be deleted; try again in a moment',
    detail: { retryAfterSeconds: RETRY_SECONDS },
  })
}
