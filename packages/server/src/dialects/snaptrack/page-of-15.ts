const PAGE_SIZE = 15

/** The slice that a page stands for. @param page from 1 on */
export const pageOf15 = (page: number) => ({ offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
