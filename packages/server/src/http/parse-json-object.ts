import { DomainError } from '../domain/domain-error'

/** Deeper than any input of ours; what is much deeper overflows the stack of those who look into it. */
const MAX_DEPTH = 64
/** Names by which an object can be made to change the objects that it is copied into. */
const FORBIDDEN_KEYS = ['__proto__', 'constructor']

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

const clean = (container: object, depth: number): void => {
  if (depth > MAX_DEPTH)
    throw new DomainError('MALFORMED_JSON', { message: 'The request body is nested too deeply' })
  if (!Array.isArray(container)) {
    for (const key of FORBIDDEN_KEYS)
      if (Object.hasOwn(container, key)) Reflect.deleteProperty(container, key)
  }
  for (const part of Object.values(container)) if (isContainer(part)) clean(part, depth + 1)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DomainError('MALFORMED_JSON', { cause })
  }
}

/**
 * Parses one JSON object. `__proto__` and `constructor` are dropped wherever they stand.
 * @throws DomainError MALFORMED_JSON, also for what is no object or nested more than 64 levels deep
 */
export const parseJsonObject = (text: string): object => {
  const value = parse(text)
  if (!isContainer(value) || Array.isArray(value))
    throw new DomainError('MALFORMED_JSON', { message: 'The request body must be a JSON object' })
  clean(value, 1)
  return value
}
