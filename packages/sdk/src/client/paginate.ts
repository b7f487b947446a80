import type { ListPromise, Page, ResponseInfo } from './client-types'

interface PageAnswer<Item> {
  readonly data: Page<Item>
  readonly response: ResponseInfo
}

/** Asks for the page at `offset`; without one, for the page that the caller's own input names. */
export type FetchPage<Item> = (offset?: number) => Promise<PageAnswer<Item>>

async function* walkPages<Item>(fetchPage: FetchPage<Item>): AsyncGenerator<Page<Item>, void, undefined> {
  let { data: page } = await fetchPage()
  yield page
  // An empty page that promises more would be asked for again and again.
  while (page.meta.hasMore && page.data.length > 0) {
    page = (await fetchPage(page.meta.offset + page.data.length)).data
    yield page
  }
}

async function* walkItems<Item>(fetchPage: FetchPage<Item>): AsyncGenerator<Item, void, undefined> {
  for await (const page of walkPages(fetchPage)) yield* page.data
}

/**
 * A list that asks for nothing until it is awaited (one page, asked for once) or iterated (each iteration starts
 * anew at the first page and asks for a page when its first item is needed).
 */
export const listPromise = <Item>(fetchPage: FetchPage<Item>): ListPromise<Item> => {
  let firstPage: Promise<PageAnswer<Item>> | undefined
  const first = () => {
    firstPage ??= fetchPage()
    return firstPage
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: it can be awaited
    then: (onFulfilled, onRejected) =>
      first()
        .then(({ data }) => data)
        .then(onFulfilled, onRejected),
    withResponse: first,
    pages: () => walkPages(fetchPage),
    [Symbol.asyncIterator]: () => walkItems(fetchPage),
  }
}
