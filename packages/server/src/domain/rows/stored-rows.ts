import type { Resource } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { ListedRow, StoredRow } from '../../storage/stores/resource-row-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { conflict, DomainError } from '../domain-error'
import { uniqueValues } from '../fields/unique-values'
import { writeRowData } from './read-values'
import type { Row } from './row'
import type { RowSource, RowWrite } from './row-source'

const toRow = ({ id, data, created_at, updated_at }: StoredRow): Row => ({
  id,
  createdAt: created_at,
  updatedAt: updated_at,
  values: new Map(Object.entries(JSON.parse(data) as Record<string, unknown>)),
})

/** Of one resource in one organization. */
const MAX_ROWS = 100_000

/** Long rows are read one by one, until there are too many bytes to answer at once. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024

const readListed = async ({ resourceRows }: Stores, listed: readonly ListedRow[]): Promise<Row[]> => {
  const rows: Row[] = []
  let bytes = 0
  for (const row of listed) {
    const { organization_id, resource, id, data } = row
    const stored = data === null ? await resourceRows.find(organization_id, resource, id) : { ...row, data }
    // It can be gone by now.
    if (!stored) continue
    bytes += stored.data.length
    if (bytes > MAX_PAGE_BYTES) throw tooLong()
    rows.push(toRow(stored))
  }
  return rows
}

const tooLong = () =>
  new DomainError('VALIDATION_ERROR', {
    message: `These rows are more than ${MAX_PAGE_BYTES} bytes together: ask for fewer at a time`,
  })

/** Rows that are kept as JSON, whatever the resource. */
export const storedRows = (resource: Resource): RowSource => {
  const { name } = resource
  const toStored = ({ organizationId, row }: RowWrite): StoredRow => ({
    organization_id: organizationId,
    resource: name,
    id: row.id,
    data: writeRowData(row.values),
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  })
  const assertRoom = async ({ storage }: DomainContext, organizationId: string) => {
    if ((await storage.resourceRows.countUpTo(organizationId, name, MAX_ROWS)) < MAX_ROWS) return
    throw conflict('resource', `An organization has at most ${MAX_ROWS} rows of ${name}: delete some first`)
  }
  const takeValues = async ({ storage }: DomainContext, stored: StoredRow, { row }: RowWrite) => {
    const taken = await storage.resourceRows.takeValues(stored, uniqueValues(resource.fields, row.values))
    if (taken !== undefined) throw conflict(taken, `Another row of ${name} has this ${taken}`)
  }
  const record = (
    context: DomainContext,
    { actor, organizationId, row, fields }: RowWrite,
    action: 'row.created' | 'row.updated' | 'row.deleted',
  ) =>
    recordAct(context, context.storage, actor, {
      organizationId,
      action,
      resource: { type: 'row', id: row.id },
      details: { resource: name, fields },
    })

  return {
    list: async ({ storage }, organizationId, query) => {
      const { items, total } = await storage.resourceRows.list(organizationId, name, query)
      return { items: await readListed(storage, items), total }
    },
    find: async ({ storage }, organizationId, id) => {
      const stored = await storage.resourceRows.find(organizationId, name, id)
      return stored && toRow(stored)
    },
    writer: {
      insert: async (context, write) => {
        const stored = toStored(write)
        await assertRoom(context, write.organizationId)
        await context.storage.resourceRows.insert(stored)
        await takeValues(context, stored, write)
        await record(context, write, 'row.created')
        return write.row
      },
      update: async (context, write) => {
        const stored = toStored(write)
        await context.storage.resourceRows.update(stored)
        await takeValues(context, stored, write)
        await record(context, write, 'row.updated')
        return write.row
      },
      delete: async (context, write) => {
        await context.storage.resourceRows.delete(write.organizationId, name, write.row.id)
        await record(context, write, 'row.deleted')
      },
    },
  }
}
