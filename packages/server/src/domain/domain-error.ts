import { ERROR_CATALOGUE, type ErrorCode, type PlanId } from '@snoop/sdk/contract'
import type { RateLimitVerdict } from './rate-limits/decide-rate-limit'

/** Facts about a refusal that a caller may see. Each wire shape decides how they look. */
export interface ErrorDetail {
  /** Fields that were refused, and why. `location` is `body` unless said. */
  readonly fields?: readonly FieldProblem[]
  /** What the call needs, and what of it the caller does not have. */
  readonly required?: readonly string[]
  readonly missing?: readonly string[]
  /** The field that collides with something that exists. */
  readonly conflictField?: string
  /** The key that took over, where a key was rotated before. */
  readonly rotatedTo?: string
  /** Organizations that stand in the way. */
  readonly organizations?: readonly { readonly id: string; readonly name: string }[]
  /** What a plan does not allow more of, and how many it allows. */
  readonly planLimit?: { readonly resource: string; readonly limit: number; readonly plan: string }
  /** What the plan in force is, and when the one before it ended, in milliseconds since 1970. */
  readonly plan?: { readonly id: PlanId; readonly endedAt?: number }
  /** The limit that is used up. */
  readonly rateLimit?: RateLimitVerdict
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number
  /** Methods that the path knows. */
  readonly allowedMethods?: readonly string[]
}

export interface FieldProblem {
  readonly field: string
  readonly error: string
  readonly location?: 'body' | 'query' | 'params' | 'headers'
}

/** Any refusal. `code` is of the catalogue; `cause` is for the log alone. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, options: { message?: string; detail?: ErrorDetail; cause?: unknown } = {}) {
    super(options.message ?? ERROR_CATALOGUE[code].message, { cause: options.cause })
    this.code = code
    this.detail = options.detail ?? {}
  }
}

/** Fields that were refused; the message names each once. */
export const invalidFields = (fields: readonly FieldProblem[]): DomainError =>
  new DomainError('VALIDATION_ERROR', {
    message: `Validation failed for fields: ${[...new Set(fields.map(({ field }) => field))].join(', ')}`,
    detail: { fields },
  })

/** A field whose value only the domain can judge. */
export const invalidField = (
  field: string,
  error: string,
  location: FieldProblem['location'] = 'body',
): DomainError => invalidFields([{ field, error, location }])

export const conflict = (conflictField: string, message: string): DomainError =>
  new DomainError('CONFLICT', { message, detail: { conflictField } })
