/** What one error code means: its HTTP status, the message people see unless a better one is at hand, and the remedy. */
export interface ErrorEntry {
  readonly status: number
  readonly message: string
  /** What the caller can do about it; printed in the reference. */
  readonly remedy: string
}

const entry = (status: number, message: string, remedy: string): ErrorEntry => ({ status, message, remedy })

/** Every error code of the native API. `code` is stable; `message` is for people and may be made better. */
export const ERROR_CATALOGUE = {
  VALIDATION_ERROR: entry(400, 'Validation failed', 'Correct the fields named in `meta.errors`.'),
  MALFORMED_JSON: entry(400, 'The request body is not valid JSON', 'Send one JSON object, UTF-8 encoded.'),
  BODY_TOO_LARGE: entry(400, 'The request body is larger than 10 MiB', 'Send less in one request.'),
  INVALID_TOKEN: entry(400, 'This link is invalid, expired or already used', 'Ask for a new link.'),
  INVALID_CODE: entry(400, 'This code is wrong, expired or already used', 'Use the newest code.'),

  AUTHENTICATION_REQUIRED: entry(
    401,
    'Authentication required',
    'Send a session cookie, an API key or an access token.',
  ),
  NO_TOKEN_PROVIDED: entry(
    401,
    'The Authorization header holds no token',
    'Send `Authorization: Bearer <token>` or leave the header out.',
  ),
  INVALID_OR_EXPIRED_TOKEN: entry(
    401,
    'Invalid or expired session or token',
    'Sign in again. A key starting with `ba_` goes into `X-Api-Key`.',
  ),
  INVALID_API_KEY: entry(401, 'Invalid, expired or revoked API key', 'Check the key, or make a new one.'),
  USER_NOT_ACTIVE: entry(401, 'This account is disabled', 'Ask the operator of this server.'),
  INVALID_CREDENTIALS: entry(401, 'Invalid e-mail address or password', 'Check both, or reset the password.'),

  INSUFFICIENT_PERMISSIONS: entry(
    403,
    'Insufficient permissions',
    'Ask for the role or scope in `meta.missing`.',
  ),
  NO_SCOPES_AVAILABLE: entry(403, 'This token has no scopes', 'Make a token with the scopes that it needs.'),
  NO_PERMISSIONS: entry(
    403,
    'This action needs a signed-in session',
    'Sign in and call it with the session cookie.',
  ),
  API_KEY_MISSING_SCOPES: entry(
    403,
    'This API key lacks a scope',
    'Make a key that has the scopes in `meta.missing`.',
  ),
  FORBIDDEN: entry(
    403,
    'You have no access to this organization',
    'Use an organization that you are a member of and that the key is not pinned away from.',
  ),
  MFA_REQUIRED: entry(
    403,
    'This organization requires two-factor authentication',
    'Turn on two-factor authentication for your account.',
  ),
  TENANT_CONTEXT_MISSING: entry(403, 'No organization given', 'Put the organization id into the path.'),
  TENANT_VIOLATION: entry(
    403,
    'This belongs to another of your organizations',
    'Use the path of the organization that it belongs to.',
  ),
  EMAIL_NOT_VERIFIED: entry(
    403,
    'The e-mail address is not verified',
    'Open the link in the verification mail.',
  ),
  FRESH_SESSION_REQUIRED: entry(
    403,
    'Prove again that it is you',
    'Sign in again, then repeat the call within 15 minutes.',
  ),
  SSO_REQUIRED: entry(
    403,
    'This organization requires single sign-on',
    "Sign in through the organization's identity provider.",
  ),
  PLAN_LIMIT_REACHED: entry(
    403,
    'The plan of this organization does not allow more',
    'Upgrade the plan, or remove something.',
  ),
  PLAN_FEATURE_MISSING: entry(
    403,
    'The plan of this organization does not include this',
    'Upgrade the plan.',
  ),
  SUBSCRIPTION_EXPIRED: entry(403, 'Your subscription has expired', 'Subscribe again.'),
  ORIGIN_NOT_ALLOWED: entry(
    403,
    'This origin may not use the session cookie',
    'Add the origin to `trustedOrigins`.',
  ),
  HTTPS_REQUIRED: entry(
    403,
    'HTTPS is required',
    'Call the server by https://, or name your proxy in `trustedProxies`.',
  ),

  NOT_FOUND: entry(404, 'Not found', 'Check the path and the ids in it.'),
  GONE: entry(410, 'This link is no longer good', 'Ask who gave it to you for another one.'),
  METHOD_NOT_ALLOWED: entry(405, 'Method not allowed', 'Use one of the methods in the `Allow` header.'),
  CONFLICT: entry(409, 'This conflicts with what exists', 'Change the field in `meta.field`.'),
  KEY_LIMIT_REACHED: entry(
    409,
    'You have as many live API keys as an account may have',
    'Revoke a key that is no longer needed.',
  ),
  UNSUPPORTED_MEDIA_TYPE: entry(
    415,
    'The body must be application/json',
    'Send `Content-Type: application/json`.',
  ),

  RATE_LIMIT_ERROR: entry(
    429,
    'Too many requests from this IP, please try again later.',
    'Wait for the seconds in `Retry-After`.',
  ),

  INTERNAL_SERVER_ERROR: entry(
    500,
    'Something went wrong on our side',
    'Try again; if it stays, give the operator the `X-Request-Id`.',
  ),
  SERVICE_UNAVAILABLE: entry(
    503,
    'The server is busy or away, please try again',
    'Wait for the seconds in `Retry-After`.',
  ),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERROR_CATALOGUE
export const ERROR_CODES = Object.keys(ERROR_CATALOGUE) as readonly ErrorCode[]
