import type { FieldType } from '@snoop/sdk/contract'
import type { FieldShape } from './field-shape'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** RFC 3339, section 5.6; seconds may be left out. */
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i

const isText = (value: unknown): value is string => typeof value === 'string'

const FITS: Readonly<
  Record<Exclude<FieldType, 'enum'>, { readonly test: (value: unknown) => boolean; readonly mustBe: string }>
> = {
  string: { test: isText, mustBe: 'text' },
  text: { test: isText, mustBe: 'text' },
  number: { test: Number.isFinite, mustBe: 'a number' },
  boolean: { test: value => typeof value === 'boolean', mustBe: 'true or false' },
  json: { test: value => value !== undefined, mustBe: 'any JSON value' },
  datetime: {
    test: value => isText(value) && DATETIME.test(value) && !Number.isNaN(Date.parse(value)),
    mustBe: 'a time such as 2026-01-31T12:00:00Z',
  },
  uuid: { test: value => isText(value) && UUID.test(value), mustBe: 'a UUID' },
}

/** What is wrong with a value (not null) for a field, or undefined. */
export const valueProblem = ({ type, values = [] }: FieldShape, value: unknown): string | undefined => {
  if (type === 'enum')
    return isText(value) && values.includes(value) ? undefined : `Must be one of ${values.join(', ')}`
  const { test, mustBe } = FITS[type]
  return test(value) ? undefined : `Must be ${mustBe}`
}
