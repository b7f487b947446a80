const PAGE_SIZE = 15

/** The frame of a page of a list. @param page from 1 on */
export const presentList = <Item>(items: Item[], total: number, page: number) => ({
  data: items,
  meta: { current_page: page, total },
})

/** The slice that a page stands for. @param page from 1 on */
export const toPageRequest = (page: number) => ({ offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
