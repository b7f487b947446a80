import { DomainError } from '../../domain-error'

const RETRY_SECONDS = 5
const PAYMENT_REQUIRED = 402
const MAX_REASON = 500
/** Secret and restricted keys, and what webhooks are signed with, also with stars in them. */
const SECRETS = /\b(?:sk|rk|pk|whsec)_[\w*+/=-]+/g

const look = (thing: unknown, name: string): unknown =>
  typeof thing === 'object' && thing !== null ? Reflect.get(thing, name) : undefined

const wordOf = (thing: unknown, name: string): string => {
  const value = look(thing, name)
  return typeof value === 'string' || typeof value === 'number' ? ` ${value}` : ''
}

/** For the log. The library's own errors hold whole answers with their headers, and its messages parts of the key. */
const describe = (error: unknown): Error => {
  const facts = ['type', 'code', 'statusCode', 'param', 'requestId'].map(name => wordOf(error, name)).join('')
  const detail = wordOf(look(error, 'detail'), 'message')
  const text = `Stripe:${facts}${wordOf(error, 'message')}${detail}`
  return new Error(text.replace(SECRETS, '***').slice(0, MAX_REASON))
}

/** Whatever was thrown while Stripe was asked, as a refusal: nothing of what Stripe wrote is told but to the log. */
export const explainStripeFailure = (error: unknown): DomainError => {
  if (error instanceof DomainError) return error
  if (look(error, 'statusCode') === PAYMENT_REQUIRED) {
    return new DomainError('CONFLICT', {
      message:
        'The payment was declined, so nothing was changed; pay with another card in the portal, then try again',
    })
  }
  return new DomainError('SERVICE_UNAVAILABLE', {
    message: 'The payment provider does not answer as it should; try again later',
    detail: { retryAfterSeconds: RETRY_SECONDS },
    cause: describe(error),
  })
}
