import {
  ERROR_CATALOGUE,
  type ErrorCode,
  type SnoopApiError,
  type SnoopError,
  type Surface,
} from '@snoop/sdk'
import { CliError, interrupted } from '../cli-error'
import { EXIT, type ExitCode } from '../exit-codes'
import { planLimitHint } from './plan-limit-hint'
import { rejectedOnSurface } from './surface-hints'

/** What the failed call was made with. */
export type UsedCredential = 'environment' | 'key' | 'session' | 'none'

const EXIT_OF_CODE = new Map<string, ExitCode>([
  ['EMAIL_NOT_VERIFIED', EXIT.ACTION_NEEDED],
  ['MFA_REQUIRED', EXIT.ACTION_NEEDED],
  ['SSO_REQUIRED', EXIT.ACTION_NEEDED],
  ['FRESH_SESSION_REQUIRED', EXIT.SIGN_IN_NEEDED],
  ['PLAN_LIMIT_REACHED', EXIT.REFUSED],
  ['PLAN_FEATURE_MISSING', EXIT.REFUSED],
  ['SUBSCRIPTION_EXPIRED', EXIT.REFUSED],
  ['HTTPS_REQUIRED', EXIT.REFUSED],
])

const EXIT_OF_STATUS: Readonly<Record<number, ExitCode>> = {
  401: EXIT.SIGN_IN_NEEDED,
  403: EXIT.FORBIDDEN,
  404: EXIT.NOT_FOUND,
  429: EXIT.RATE_LIMITED,
}

const exitOf = ({ code, status }: SnoopApiError): ExitCode => {
  if (status >= 500) return EXIT.SERVER_FAULT
  if (code === 'UNEXPECTED_RESPONSE') return EXIT.UNREACHABLE
  return EXIT_OF_CODE.get(code) ?? EXIT_OF_STATUS[status] ?? EXIT.REFUSED
}

const textList = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : []

const SIGN_IN = 'Sign in:  snoop login'
const SUBSCRIBE = 'snoop billing checkout --plan starter'

const rejectedHints: Readonly<Record<UsedCredential, string>> = {
  environment:
    'The key comes from SNOOP_API_KEY or SNOOP_API_KEY_FILE: check it, or unset the variable.\nOne that begins with snpy_, snt_ or sna_ is good for `snoop api` on its surface alone.',
  key: 'The stored key is not accepted any more. Make another:  snoop login && snoop keys create --use',
  session: SIGN_IN,
  none: SIGN_IN,
}

const missingScopesHint = (missing: readonly string[], used: UsedCredential, surface: Surface): string => {
  if (used === 'environment') return 'Use a key that has them.'
  const scopes = missing.length > 0 ? missing.join(',') : 'all'
  const make = `ake a key that has them:  snoop keys create --use --scopes ${scopes}`
  // A session is not taken there.
  if (surface === 'snipy') return `M${make}`
  return `Sign in (a session has all scopes):  snoop login\nOr m${make}`
}

/** On resources a key may do what its permissions name, and of that what the role of its owner allows. */
const PERMISSIONS_HINT =
  'A key may do what its permissions name, as far as your role allows it. See:  snoop keys list, then snoop keys show <key>'

/** Where the server's own words do not say it. */
const waitHint = ({ message, retryAfter: seconds }: SnoopApiError): string | undefined => {
  if (/\bwait \d/i.test(message)) return undefined
  if (seconds === undefined) return 'Wait a while.'
  return seconds < 120 ? `Wait ${seconds} seconds.` : `Wait ${Math.ceil(seconds / 60)} minutes.`
}

const whoMayHint = (missing: readonly string[]): string => {
  const isForOwners = missing.some(right => right === 'owner' || right === 'organization:manage-security')
  const owners = 'snoop members list --role owner'
  return `Your role does not allow it. Who may:  ${isForOwners ? owners : `${owners}, or --role admin`}`
}

/** What is typed for a field of the API, of those that another value helps. */
const TYPED_AS = new Map<unknown, string>([
  ['slug', 'slug'],
  ['handle', 'handle'],
  ['email', 'e-mail address'],
  ['seatCount', '--seats'],
  ['slotPacks', '--slot-packs'],
  ['tierId', '--plan'],
])

const conflictHint = (field: unknown): string | undefined => {
  const typed = TYPED_AS.get(field)
  return typed === undefined ? undefined : `Choose another ${typed}.`
}

const hintOf = (error: SnoopApiError, used: UsedCredential, surface: Surface): string | undefined => {
  switch (error.code) {
    case 'AUTHENTICATION_REQUIRED':
    case 'INVALID_OR_EXPIRED_TOKEN':
    case 'INVALID_API_KEY':
      return surface === 'native' ? rejectedHints[used] : rejectedOnSurface(surface, used)
    case 'API_KEY_MISSING_SCOPES':
    case 'NO_SCOPES_AVAILABLE':
      return missingScopesHint(textList(error.meta?.missing), used, surface)
    case 'NO_PERMISSIONS':
      if (surface === 'snipy') return undefined
      return used === 'environment'
        ? 'A key may not do this. To use your session, unset SNOOP_API_KEY and SNOOP_API_KEY_FILE.'
        : SIGN_IN
    case 'FRESH_SESSION_REQUIRED':
      return `${SIGN_IN}\nThen try again within 15 minutes.`
    case 'INVALID_CREDENTIALS':
      return 'Check both. A new password:  snoop password reset'
    case 'EMAIL_NOT_VERIFIED':
      return 'Open the link in the mail. For another one:  snoop email verify'
    case 'MFA_REQUIRED':
      return 'Turn it on:  snoop 2fa enable'
    case 'PLAN_LIMIT_REACHED':
      return planLimitHint(error.meta)
    case 'PLAN_FEATURE_MISSING':
      return `Get a larger plan:  ${SUBSCRIBE}`
    case 'SUBSCRIPTION_EXPIRED':
      return `Subscribe again:  ${SUBSCRIBE}`
    case 'INSUFFICIENT_PERMISSIONS':
      if (surface === 'snaapi' && used !== 'session') return PERMISSIONS_HINT
      return whoMayHint(textList(error.meta?.missing))
    case 'KEY_LIMIT_REACHED':
      return 'Revoke one that is not needed:  snoop keys list && snoop keys revoke <key>'
    case 'RATE_LIMIT_ERROR':
      return waitHint(error)
    case 'SERVICE_UNAVAILABLE':
      return error.retryAfter === undefined ? undefined : waitHint(error)
    case 'VALIDATION_ERROR':
    case 'NOT_FOUND':
      return undefined
    case 'CONFLICT':
      return conflictHint(error.meta?.field)
    default:
      return ERROR_CATALOGUE[error.code as ErrorCode]?.remedy
  }
}

/** Where the server has words of its own for a refusal, they say what is missing. */
const hasOwnWords = ({ code, message }: SnoopApiError): boolean =>
  code === 'INSUFFICIENT_PERMISSIONS' && message !== ERROR_CATALOGUE.INSUFFICIENT_PERMISSIONS.message

const messageOf = (error: SnoopApiError): string => {
  const missing = textList(error.meta?.missing)
  if (missing.length > 0 && !hasOwnWords(error)) return `${error.message}: ${missing.join(', ')}`
  if (error.errors.length === 0) return error.message
  return error.errors.map(({ field, error: wrong }) => `${field}: ${wrong}`).join('\n')
}

const explainAnswer = (error: SnoopApiError, used: UsedCredential, surface: Surface): CliError =>
  new CliError(messageOf(error), {
    code: error.code,
    status: error.status,
    exit: exitOf(error),
    hint: hintOf(error, used, surface),
    fields: error.errors.map(({ field, error: wrong }) => ({ field, error: wrong })),
    retryAfter: error.retryAfter,
    requestId: error.requestId,
    cause: error,
  })

/** A failed call as it is shown: what the server said, which exit code that is, and what to do about it. */
export const explainApiFailure = (
  error: SnoopError,
  used: UsedCredential,
  surface: Surface = 'native',
): CliError => {
  switch (error.kind) {
    case 'api':
      return explainAnswer(error as SnoopApiError, used, surface)
    case 'connection':
      return new CliError(`${error.message}.`.replace(/\.+$/, '.'), {
        code: 'network.unreachable',
        exit: EXIT.UNREACHABLE,
        hint: 'Is the server running, and the address right? See:  snoop status',
        cause: error,
      })
    case 'timeout':
      return new CliError(`${error.message}.`, {
        code: 'network.timeout',
        exit: EXIT.UNREACHABLE,
        hint: 'Try again.',
        cause: error,
      })
    case 'abort':
      return interrupted()
  }
}
