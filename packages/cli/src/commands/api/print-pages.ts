import type { RawResponse } from '@snoop/sdk'
import { CliError, usageError } from '../../cli-error'
import { EXIT } from '../../exit-codes'
import type { Output } from '../../output/output'
import { jsonText } from '../../output/terminal-text'

const PAGE = 100

interface ListBody {
  readonly data: readonly unknown[]
  readonly hasMore: boolean
}

const readList = ({ body }: RawResponse): ListBody => {
  const { data, meta } = (body ?? {}) as { data?: unknown; meta?: { hasMore?: unknown } }
  if (!Array.isArray(data)) throw usageError('This is not a list: it has no pages.', 'Leave out --paginate.')
  return { data, hasMore: meta?.hasMore === true }
}

/**
 * Prints every item of a list as one JSON array, while the pages come in. If a page fails the array is left open, so
 * that nobody takes half of the list for all of it.
 * @param fetchPage answers with a page that starts at that offset
 */
export const printPages = async (
  output: Output,
  fetchPage: (paging: { offset: number; limit: number }) => Promise<RawResponse>,
): Promise<void> => {
  let printed = 0
  for (let hasMore = true; hasMore; ) {
    const page = readList(await fetchPage({ offset: printed, limit: PAGE }))
    for (const item of page.data) {
      await output.raw(`${printed === 0 ? '[\n' : ',\n'}${jsonText(item, 0)}`)
      printed++
    }
    if (page.hasMore && page.data.length === 0) {
      throw new CliError('The server says that there is more, and sends nothing.', {
        code: 'UNEXPECTED_RESPONSE',
        exit: EXIT.SERVER_FAULT,
      })
    }
    hasMore = page.hasMore
  }
  await output.raw(printed === 0 ? '[]\n' : '\n]\n')
}
