import { CliError } from '../../cli-error'

/** What is typed for a field of the API. */
const FLAGS: Readonly<Record<string, string>> = {
  name: '--name',
  format: '--format',
  scopes: '--scopes',
  permissions: '--permission',
  expiresIn: '--expires',
  expiresAt: '--expires',
  rateLimitMax: '--rate',
  rateLimitTimeWindow: '--rate',
  refillAmount: '--refill',
  refillInterval: '--refill',
  gracePeriod: '--grace',
}

const API_WORDS = new RegExp(`\\b(?:${Object.keys(FLAGS).join('|')})(?=\\b)`, 'g')

/** `permissions.posts.read` is typed as `--permission posts:read`. */
const flagOf = (field: string): string => {
  const [first = '', ...rest] = field.split('.')
  const flag = FLAGS[first]
  if (flag === undefined) return field
  return first === 'permissions' && rest.length > 0 ? `${flag} ${rest.join(':')}` : flag
}

/** Names of the API that are no words of English. */
const withFlags = (text: string): string =>
  text.replace(API_WORDS, word => (/[A-Z]/.test(word) ? (FLAGS[word] ?? word) : word))

/**
 * Does `work`; what the server says of fields is said of the flags that they were typed as. For programs the fields keep
 * the names of the API.
 */
export const withFlagNames = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const fields = error instanceof CliError ? (error.details.fields ?? []) : []
    if (!(error instanceof CliError) || fields.length === 0) throw error
    const lines = fields.map(({ field, error: wrong }) => `${flagOf(field)}: ${withFlags(wrong)}`)
    throw new CliError([...new Set(lines)].join('\n'), error.details)
  }
}
