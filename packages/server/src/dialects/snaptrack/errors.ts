import { ERROR_CATALOGUE, type ErrorCode } from '@snoop/sdk/contract'
import type { DomainError } from '../../domain/domain-error'
import type { RateLimitVerdict } from '../../domain/rate-limits/decide-rate-limit'
import type { Rendered } from '../../http/dialect'
import { toTimestampOrNull } from '../../http/timestamp'
import { toFieldSentence } from './field-sentence'
import { toUnixSeconds } from './unix-seconds'

type Look = (error: DomainError) => Rendered

const refused = (status: number, body: Readonly<Record<string, unknown>>): Rendered => ({
  status,
  body: { success: false, ...body },
})

const plain: Look = ({ code, message }) => refused(ERROR_CATALOGUE[code].status, { error: message })
/** Why is not said: whoever guesses learns nothing. */
const unauthorized: Look = () => refused(401, { error: 'Unauthorized' })
const notFound: Look = () => ({ status: 404, body: { message: 'Resource not found' } })

const invalid = (errors: Readonly<Record<string, readonly string[]>>): Rendered => ({
  status: 422,
  body: { message: 'The given data was invalid.', errors },
})

/** A path that holds no id leads to nothing, as one with an id that nobody has. */
const invalidFields: Look = error => {
  const { fields = [] } = error.detail
  if (fields.some(({ location }) => location === 'params')) return notFound(error)
  const errors: Record<string, string[]> = Object.create(null)
  for (const problem of fields) {
    errors[problem.field] ??= []
    errors[problem.field]?.push(toFieldSentence(problem))
  }
  return invalid(errors)
}
const invalidBody: Look = ({ message }) => invalid({ body: [`${message}.`] })

const noApiAccess: Look = ({ detail }) =>
  refused(403, {
    error: 'API access is not available on your plan',
    message: 'Upgrade your subscription to use the API',
    current_plan: detail.plan?.id,
  })

const expired: Look = ({ detail }) =>
  refused(403, {
    error: 'Your subscription has expired',
    expired_at: toTimestampOrNull(detail.plan?.endedAt ?? null),
  })

const quota: Look = ({ detail }) =>
  refused(403, {
    error: 'Website limit reached',
    limit: detail.planLimit?.limit,
    current_plan: detail.planLimit?.plan,
  })

/** What a 429 says of the organization's allowance; those of keys and addresses speak for themselves. */
export const tellExceeded = ({ limit }: RateLimitVerdict): string =>
  `You have exceeded the API rate limit of ${limit} requests per minute`

/** `current`: the calls that were let in and counted; those that are refused are not. */
const tooMany: Look = ({ message, detail: { rateLimit } }) =>
  refused(429, {
    error: 'Rate limit exceeded',
    message,
    ...(rateLimit && {
      limit: rateLimit.limit,
      current: rateLimit.limit - rateLimit.remaining,
      reset_at: toUnixSeconds(rateLimit.resetAt),
    }),
  })

const LOOKS = {
  VALIDATION_ERROR: invalidFields,
  MALFORMED_JSON: invalidBody,
  BODY_TOO_LARGE: invalidBody,
  INVALID_TOKEN: plain,
  INVALID_CODE: plain,
  AUTHENTICATION_REQUIRED: unauthorized,
  NO_TOKEN_PROVIDED: unauthorized,
  INVALID_OR_EXPIRED_TOKEN: unauthorized,
  INVALID_API_KEY: unauthorized,
  USER_NOT_ACTIVE: unauthorized,
  INVALID_CREDENTIALS: unauthorized,
  INSUFFICIENT_PERMISSIONS: plain,
  NO_SCOPES_AVAILABLE: plain,
  NO_PERMISSIONS: plain,
  API_KEY_MISSING_SCOPES: plain,
  FORBIDDEN: plain,
  MFA_REQUIRED: plain,
  TENANT_CONTEXT_MISSING: plain,
  TENANT_VIOLATION: plain,
  EMAIL_NOT_VERIFIED: plain,
  FRESH_SESSION_REQUIRED: plain,
  SSO_REQUIRED: plain,
  PLAN_LIMIT_REACHED: quota,
  PLAN_FEATURE_MISSING: noApiAccess,
  SUBSCRIPTION_EXPIRED: expired,
  ORIGIN_NOT_ALLOWED: plain,
  HTTPS_REQUIRED: plain,
  NOT_FOUND: notFound,
  GONE: plain,
  METHOD_NOT_ALLOWED: plain,
  CONFLICT: plain,
  KEY_LIMIT_REACHED: plain,
  UNSUPPORTED_MEDIA_TYPE: plain,
  RATE_LIMIT_ERROR: tooMany,
  INTERNAL_SERVER_ERROR: plain,
  SERVICE_UNAVAILABLE: plain,
} as const satisfies Record<ErrorCode, Look>

/** How each refusal looks on this surface. */
export const renderError: Look = error => LOOKS[error.code](error)
