import { ERROR_CATALOGUE, type ErrorCode } from '@snoop/sdk/contract'
import type { DomainError, FieldProblem } from '../../domain/domain-error'
import type { Rendered } from '../../http/dialect'

type Look = (error: DomainError) => Rendered

const refused = (status: number, message: string): Rendered => ({ status, body: { error: 1, message } })

const plain: Look = ({ code, message }) => refused(ERROR_CATALOGUE[code].status, message)

const describeProblem = ({ field, error }: FieldProblem): string =>
  `${field}: ${error.endsWith('received undefined') ? 'Required' : error}`

/** The envelope has room for one sentence: it names every field. */
const invalidFields =
  (status: 400 | 422): Look =>
  ({ message, detail: { fields = [] } }) =>
    refused(status, fields.map(describeProblem).join('; ') || message)

const wrongMediaType: Look = () =>
  refused(415, 'The body must be application/x-www-form-urlencoded or application/json')

const LOOKS = {
  VALIDATION_ERROR: invalidFields(422),
  MALFORMED_JSON: plain,
  BODY_TOO_LARGE: plain,
  INVALID_TOKEN: plain,
  INVALID_CODE: plain,
  AUTHENTICATION_REQUIRED: () =>
    refused(401, 'Send an API key in `X-API-Key`, or an access token as `Authorization: Bearer`'),
  NO_TOKEN_PROVIDED: plain,
  INVALID_OR_EXPIRED_TOKEN: plain,
  INVALID_API_KEY: plain,
  USER_NOT_ACTIVE: plain,
  INVALID_CREDENTIALS: plain,
  INSUFFICIENT_PERMISSIONS: plain,
  NO_SCOPES_AVAILABLE: plain,
  NO_PERMISSIONS: plain,
  API_KEY_MISSING_SCOPES: plain,
  FORBIDDEN: plain,
  MFA_REQUIRED: plain,
  TENANT_CONTEXT_MISSING: () => refused(403, 'You belong to no organization: make one, or join one'),
  TENANT_VIOLATION: plain,
  EMAIL_NOT_VERIFIED: plain,
  FRESH_SESSION_REQUIRED: plain,
  SSO_REQUIRED: plain,
  PLAN_LIMIT_REACHED: plain,
  PLAN_FEATURE_MISSING: plain,
  SUBSCRIPTION_EXPIRED: plain,
  ORIGIN_NOT_ALLOWED: plain,
  HTTPS_REQUIRED: plain,
  NOT_FOUND: plain,
  GONE: plain,
  METHOD_NOT_ALLOWED: plain,
  CONFLICT: plain,
  KEY_LIMIT_REACHED: plain,
  UNSUPPORTED_MEDIA_TYPE: plain,
  RATE_LIMIT_ERROR: plain,
  INTERNAL_SERVER_ERROR: plain,
  SERVICE_UNAVAILABLE: plain,
} as const satisfies Record<ErrorCode, Look>

/** OAuth has one status for whatever is wrong with a request (RFC 6749, 5.2), and its bodies are forms. */
const TOKEN_LOOKS: Record<ErrorCode, Look> = {
  ...LOOKS,
  VALIDATION_ERROR: invalidFields(400),
  UNSUPPORTED_MEDIA_TYPE: wrongMediaType,
}

/** How each refusal looks on this surface. */
export const renderError: Look = error => LOOKS[error.code](error)

/** How it looks where tokens are asked for. */
export const renderTokenError: Look = error => TOKEN_LOOKS[error.code](error)
