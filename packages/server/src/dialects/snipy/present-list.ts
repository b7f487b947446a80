/** The frame of a list: pages count from 1, and there is always a first. */
export const presentList = <const Name extends string, Item>(
  name: Name,
  items: Item[],
  total: number,
  { page, limit }: { readonly page: number; readonly limit: number },
) => {
  const maxpage = Math.max(1, Math.ceil(total / limit))
  const frame = {
    result: total,
    perpage: limit,
    currentpage: page,
    nextpage: page < maxpage ? page + 1 : null,
    maxpage,
  }
  return { ...frame, [name]: items } as typeof frame & Record<Name, Item[]>
}

/** The query of a list, as stores take it. */
export const toPageRequest = ({
  page,
  limit,
  search,
  sort,
  order,
}: {
  readonly page: number
  readonly limit: number
  readonly search?: string | undefined
  readonly sort: 'date' | 'clicks'
  readonly order: 'asc' | 'desc'
}) => ({ offset: (page - 1) * limit, limit, q: search, sort: order === 'desc' ? `-${sort}` : sort })
