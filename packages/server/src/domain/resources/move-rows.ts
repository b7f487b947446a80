import type { Resource, ResourceDefinition, ResourceField } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import { findUniqueViolation } from '../../storage/unique-violation'
import { conflict } from '../domain-error'
import { uniqueValues } from '../fields/unique-values'
import { valueProblem } from '../fields/value-problem'

/** Those that are listed with their data have at most 64 KiB: 8 MiB together. */
const ROWS_AT_ONCE = 128

/** A row as it is stored: field → value. Those of fields that were taken out are still in it. */
interface HeldRow {
  readonly id: string
  readonly values: ReadonlyMap<string, unknown>
}

/** Any text may be left over from an enum that had other values. */
const isOfType = ({ type }: ResourceField, value: unknown): boolean =>
  valueProblem({ type: type === 'enum' ? 'string' : type }, value) === undefined

const typeConflict = ({ name, type }: ResourceField) =>
  conflict('fields', `There are rows with another type of ${name}, so it cannot become ${type}`)

const assertTypesStay = async (
  { resourceRows }: Stores,
  organizationId: string,
  before: Resource,
  after: ResourceDefinition,
): Promise<void> => {
  const changed = after.fields.find(({ name, type }) =>
    before.fields.some(old => old.name === name && old.type !== type),
  )
  if (changed && (await resourceRows.isThereAny(organizationId, before.name))) throw typeConflict(changed)
}

/** A field that is added may have been there before, with another type. */
const assertValuesFit = (added: readonly ResourceField[], rows: readonly HeldRow[]): void => {
  for (const field of added) {
    const fits = ({ values }: HeldRow) => {
      const value = values.get(field.name) ?? null
      return value === null || isOfType(field, value)
    }
    if (!rows.every(fits)) throw typeConflict(field)
  }
}

const takeValues = async (
  { resourceRows }: Stores,
  organizationId: string,
  resource: Resource,
  field: ResourceField,
  rows: readonly HeldRow[],
): Promise<void> => {
  const taken = rows.flatMap(({ id, values }) =>
    uniqueValues([field], values).map(({ digest }) => ({
      organization_id: organizationId,
      resource: resource.name,
      field: field.name,
      value_digest: digest,
      row_id: id,
    })),
  )
  try {
    await resourceRows.insertValues(taken)
  } catch (error) {
    if (!findUniqueViolation(error)) throw error
    throw conflict('fields', `There are rows with the same ${field.name}, so it cannot become unique`)
  }
}

const toHeld = (id: string, data: string, fields: readonly string[]): HeldRow => {
  const held = JSON.parse(data) as Record<string, unknown>
  return { id, values: new Map(fields.map(field => [field, held[field]])) }
}

/** Rows that have a value in any of the fields, in batches; long ones are read one by one. */
async function* readRows(
  { resourceRows }: Stores,
  organizationId: string,
  resource: string,
  fields: readonly string[],
) {
  if (fields.length === 0) return
  for (let after = ''; ; ) {
    const rows = await resourceRows.listHolding(organizationId, resource, fields, after, ROWS_AT_ONCE)
    const last = rows.at(-1)
    if (!last) return
    const short = rows.flatMap(({ id, data }) => (data === null ? [] : [toHeld(id, data, fields)]))
    if (short.length > 0) yield short
    for (const { id, data } of rows) {
      const long = data === null ? await resourceRows.find(organizationId, resource, id) : undefined
      if (long) yield [toHeld(id, long.data, fields)]
    }
    after = last.id
  }
}

/**
 * Makes what is kept of the rows of a resource fit its new definition. The organization must be locked: then no row is
 * written meanwhile.
 * @throws DomainError CONFLICT if rows hold a value of another type, or the same value of a field that becomes unique
 */
export const moveRows = async (
  stores: Stores,
  organizationId: string,
  before: Resource,
  after: ResourceDefinition,
): Promise<void> => {
  const { name } = before
  const unique = ({ fields }: ResourceDefinition) => fields.filter(field => field.unique)
  const notIn = (fields: readonly ResourceField[], others: readonly ResourceField[]) =>
    fields.filter(field => !others.some(other => other.name === field.name))
  const added = notIn(after.fields, before.fields)
  const newlyUnique = notIn(unique(after), unique(before))
  const uniqueNoMore = notIn(unique(before), unique(after)).map(field => field.name)

  await stores.resourceRows.deleteValues(organizationId, name, uniqueNoMore)
  await assertTypesStay(stores, organizationId, before, after)
  const read = [...new Set([...added, ...newlyUnique].map(field => field.name))]
  for await (const rows of readRows(stores, organizationId, name, read)) {
    assertValuesFit(added, rows)
    for (const field of newlyUnique) await takeValues(stores, organizationId, before, field, rows)
  }
}
