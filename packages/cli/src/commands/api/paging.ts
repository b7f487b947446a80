import type { Surface } from '@snoop/sdk'
import { isRecord } from './is-record'

/** A page of a list. */
export interface PageBody {
  readonly items: readonly unknown[]
  readonly hasMore: boolean
}

/** How the lists of a surface are asked for, page after page. */
interface Paging {
  /** @param page counts from 1 @param fetched items of the pages before */
  query(page: number, fetched: number): Readonly<Record<string, number>>
  /** @returns undefined if the answer is no list */
  read(body: Readonly<Record<string, unknown>>, fetched: number): PageBody | undefined
}

const metaOf = ({ meta }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  isRecord(meta) ? meta : {}

/** Of surfaces that say how many there are in all. */
const readByTotal: Paging['read'] = (body, fetched) => {
  const { data } = body
  const { total } = metaOf(body)
  if (!Array.isArray(data) || typeof total !== 'number') return undefined
  return { items: data, hasMore: fetched + data.length < total }
}

export const PAGING: Readonly<Record<Surface, Paging>> = {
  native: {
    query: (_, fetched) => ({ offset: fetched, limit: 100 }),
    read: body =>
      Array.isArray(body.data) ? { items: body.data, hasMore: metaOf(body).hasMore === true } : undefined,
  },
  snipy: {
    query: page => ({ page, limit: 100 }),
    read: ({ data }) => {
      if (!isRecord(data) || !('nextpage' in data)) return undefined
      const items = Object.values(data).find(value => Array.isArray(value))
      return items && { items, hasMore: data.nextpage !== null }
    },
  },
  snaptrack: { query: page => ({ page }), read: readByTotal },
  snaapi: { query: (_, fetched) => ({ _offset: fetched, _limit: 200 }), read: readByTotal },
}
