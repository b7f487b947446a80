import type { ResourceDefinition, ResourceField } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { ResourceValueRow } from '../../storage/stores/resource-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import { conflict } from '../domain-error'
import { valueDigest } from './value-digest'
import { valueProblem } from './value-problem'

const ROWS_AT_ONCE = 500

type Data = Readonly<Record<string, unknown>>

const heldValue = (data: Data, { name }: ResourceField): unknown =>
  Object.hasOwn(data, name) ? (data[name] ?? undefined) : undefined

/** Any text may be left over from an enum that had other values. */
const isOfType = (field: ResourceField, value: unknown): boolean =>
  valueProblem({ type: field.type === 'enum' ? 'string' : field.type }, value) === undefined

const typeConflict = ({ name, type }: ResourceField) =>
  conflict(
    `fields.${name}.type`,
    `There are rows with values of another type in ${name}, so it cannot be of the type ${type}`,
  )

const assertTypesStay = (before: ResourceDefinition, after: ResourceDefinition): void => {
  for (const field of after.fields) {
    const old = before.fields.find(({ name }) => name === field.name)
    if (old && old.type !== field.type) throw typeConflict(field)
  }
}

const valuesOf = (fields: readonly ResourceField[], data: Data) =>
  fields.flatMap(field => {
    const value = heldValue(data, field)
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [{ field: field.name, value_digest: valueDigest(value) }]
      : []
  })

/** @throws DomainError CONFLICT that says of which fields two rows have the same value, as far as one statement tells */
const insertValues = async (
  { resources }: Stores,
  values: readonly ResourceValueRow[],
  fields: readonly ResourceField[],
): Promise<void> => {
  try {
    await resources.insertValues(values)
  } catch (error) {
    if (findUniqueViolation(error)?.table !== 'resource_values') throw error
    const names = fields.map(({ name }) => name).join(', ')
    throw conflict(`fields.${names}.unique`, `Rows have the same value of ${names}, so it cannot be unique`)
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
  before: ResourceDefinition,
  after: ResourceDefinition,
): Promise<void> => {
  const { resources } = stores
  const { name: resource } = after
  const wasThere = (field: ResourceField) => before.fields.some(({ name }) => name === field.name)
  const wasUnique = ({ name }: ResourceField) =>
    before.fields.some(field => field.name === name && field.unique)
  const isUnique = ({ name }: ResourceField) =>
    after.fields.some(field => field.name === name && field.unique)

  const noMore = before.fields.filter(field => field.unique && !isUnique(field)).map(({ name }) => name)
  await resources.deleteValues(organizationId, resource, noMore)

  // A field that is added may have been there before: its values stand in the rows still.
  const added = after.fields.filter(field => !wasThere(field))
  const newlyUnique = after.fields.filter(field => field.unique && !wasUnique(field))
  let rows = await resources.listRows(organizationId, resource, '', ROWS_AT_ONCE)
  if (rows.length > 0) assertTypesStay(before, after)
  if (added.length === 0 && newlyUnique.length === 0) return
  for (let last = rows.at(-1); last; last = rows.at(-1)) {
    const read = rows.map(({ id, data }) => ({ id, data: JSON.parse(data) as Data }))
    for (const { data } of read) {
      const misfit = added.find(field => {
        const value = heldValue(data, field)
        return value !== undefined && !isOfType(field, value)
      })
      if (misfit) throw typeConflict(misfit)
    }
    const values = read.flatMap(({ id, data }) =>
      valuesOf(newlyUnique, data).map(value => ({
        ...value,
        organization_id: organizationId,
        resource,
        row_id: id,
      })),
    )
    await insertValues(stores, values, newlyUnique)
    rows = await resources.listRows(organizationId, resource, last.id, ROWS_AT_ONCE)
  }
}
