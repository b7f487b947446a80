const CENSORED = '[censored]'
const DEEPEST = 6
const MOST_ITEMS = 100
const LONGEST_TEXT = 8192

/** The last word of a field's name, once case and separators are gone: `x-api-key`, `newPassword`, `Set-Cookie`. */
const SECRET_NAME =
  /(authorization|cookies?|passwords?|passphrases?|passwd|tokens?|secrets?|keys?|credentials?|hash|sealedmail|smtpurl|databaseurl)$/

/** Secrets that a text may hold, whatever its field is called. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/:\/\/[^/\s@]*@/g, `://${CENSORED}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${CENSORED}`],
  [/([?&](?:[a-z_]*token|code|password|secret|key|state)=)[^&\s"']+/gi, `$1${CENSORED}`],
  [/\b[a-z]{2,8}_[0-9A-Za-z]{40,}\b/g, CENSORED],
]

const isSecretName = (name: string): boolean => SECRET_NAME.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''))

/** The text without passwords in URLs, API keys, authorization values and tokens in queries; cut at 8192 characters. */
export const censorText = (text: string): string =>
  SECRET_TEXTS.reduce(
    (censored, [pattern, replacement]) => censored.replace(pattern, replacement),
    text.slice(0, LONGEST_TEXT),
  )

/**
 * What a log keeps of an error: name, message, code, stack and its causes. All else is dropped: drivers and mail
 * libraries hang the statement's parameters or the whole exchange onto theirs.
 */
const censorError = (error: Error, depth: number): Record<string, unknown> => ({
  type: error.name,
  message: censorText(error.message),
  ...('code' in error ? { code: censorValue(error.code, depth + 1) } : {}),
  ...(error.stack === undefined ? {} : { stack: censorText(error.stack) }),
  ...(error instanceof AggregateError ? { errors: censorValue(error.errors, depth + 1) } : {}),
  ...(error.cause === undefined ? {} : { cause: censorValue(error.cause, depth + 1) }),
})

const censorObject = (value: object, depth: number): unknown => {
  if (depth > DEEPEST) return '[too deep]'
  if (value instanceof Error) return censorError(value, depth)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[binary]'
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(item => censorValue(item, depth + 1))
  if ('toJSON' in value && typeof value.toJSON === 'function') return censorValue(value.toJSON(), depth + 1)
  if (value instanceof Map || value instanceof Set) return censorValue([...value], depth + 1)
  return censorFields(value, depth)
}

const censorValue = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return censorText(value)
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'object' && value !== null ? censorObject(value, depth) : value
}

/**
 * A copy of a log line's fields without secrets: fields with the name of one are censored at any depth, and what looks
 * like one in any text. `link` alone stays whole: only development logs it.
 */
export const censorFields = (fields: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (value === undefined || value === null) return [name, value]
      if (isSecretName(name)) return [name, CENSORED]
      return [name, name === 'link' ? value : censorValue(value, depth + 1)]
    }),
  )
