import { type Resource, type ResourceField, ROW_FIELDS } from '@snoop/sdk/contract'
import { type FieldProblem, invalidFields } from '../domain-error'
import { readValue } from '../fields/read-value'

/** Values of some fields of a resource; null takes a value away. */
export type Values = ReadonlyMap<string, unknown>

/** More than anybody reads. */
const MAX_PROBLEMS = 100
/** Of a field that there is not, as it is told back. */
const MAX_NAME_CHARACTERS = 100
/** A resource has at most 100 fields; this leaves as many mistakes to be told one by one. */
const MAX_KEYS = 200

const throwIfAny = (problems: readonly FieldProblem[]): void => {
  if (problems.length === 0) return
  throw invalidFields(problems.slice(0, MAX_PROBLEMS))
}

/** Before anything is locked for it. @throws DomainError VALIDATION_ERROR for a body that no resource has the fields for */
export const assertFewKeys = (body: Readonly<Record<string, unknown>>): void => {
  if (Object.keys(body).length <= MAX_KEYS) return
  throwIfAny([{ field: 'body', error: `Must have at most ${MAX_KEYS} fields` }])
}

/**
 * That a resource has all fields that a caller names.
 * @param shown the fields that the caller may know of
 * @throws DomainError VALIDATION_ERROR that lists these
 */
export const assertKnownFields = (
  { name, fields }: Resource,
  shown: readonly ResourceField[],
  given: readonly string[],
): void => {
  const known = new Set(fields.map(field => field.name))
  const unknown = given.filter(field => !known.has(field)).slice(0, MAX_PROBLEMS)
  const names = shown.map(field => field.name)
  const noSuchField = `There is no such field; ${name} has ${names.join(', ')}`
  throwIfAny(
    unknown.map(field => ({
      field: field.slice(0, MAX_NAME_CHARACTERS),
      error: ROW_FIELDS.some(own => own === field) ? 'Is set by the server: leave it out' : noSuchField,
    })),
  )
}

/**
 * Checks the values that a caller gives.
 * @param body has fields of the resource alone
 * @throws DomainError VALIDATION_ERROR that names each field with a wrong value
 */
export const readValues = ({ fields }: Resource, body: Readonly<Record<string, unknown>>): Values => {
  const values = new Map<string, unknown>()
  const problems: FieldProblem[] = []
  for (const field of fields) {
    if (!Object.hasOwn(body, field.name)) continue
    const given = body[field.name] ?? null
    const read = given === null ? { value: null } : readValue(field, given)
    if ('value' in read) values.set(field.name, read.value)
    else problems.push({ field: field.name, error: read.problem })
  }
  throwIfAny(problems)
  return values
}

/** @throws DomainError VALIDATION_ERROR that names each of `names` that is required and has no value */
export const assertRequired = ({ fields }: Resource, values: Values, names: ReadonlySet<string>): void =>
  throwIfAny(
    fields
      .filter(({ name, required }) => required && names.has(name) && (values.get(name) ?? null) === null)
      .map(({ name }) => ({ field: name, error: 'Required' })),
  )

const MAX_ROW_BYTES = 2 * 1024 * 1024

/** A row as JSON. @throws DomainError VALIDATION_ERROR if it holds too much altogether */
export const writeRowData = (values: Values): string => {
  const data = JSON.stringify(Object.fromEntries(values))
  if (Buffer.byteLength(data) > MAX_ROW_BYTES)
    throwIfAny([{ field: 'body', error: `A row must be at most ${MAX_ROW_BYTES} bytes altogether` }])
  return data
}
