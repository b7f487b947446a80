import type { RawResponse, Surface } from '@snoop/sdk'
import { CliError, usageError } from '../../cli-error'
import { EXIT } from '../../exit-codes'
import type { Output } from '../../output/output'
import { jsonText } from '../../output/terminal-text'
import { isRecord } from './is-record'
import { PAGING } from './paging'

/**
 * Prints every item of a list as one JSON array, while the pages come in. If a page fails the array is left open, so
 * that nobody takes half of the list for all of it.
 * @param fetchPage answers with the page that this query asks for
 */
export const printPages = async (
  output: Output,
  surface: Surface,
  fetchPage: (query: Readonly<Record<string, number>>) => Promise<RawResponse>,
): Promise<void> => {
  const { query, read } = PAGING[surface]
  let printed = 0
  for (let number = 1, hasMore = true; hasMore; number++) {
    const { body } = await fetchPage(query(number, printed))
    const page = isRecord(body) ? read(body, printed) : undefined
    if (page === undefined) throw usageError('This is not a list: it has no pages.', 'Leave out --paginate.')
    for (const item of page.items) {
      await output.raw(`${printed === 0 ? '[\n' : ',\n'}${jsonText(item, 0)}`)
      printed++
    }
    if (page.hasMore && page.items.length === 0) {
      throw new CliError('The server says that there is more, and sends nothing.', {
        code: 'UNEXPECTED_RESPONSE',
        exit: EXIT.SERVER_FAULT,
      })
    }
    hasMore = page.hasMore
  }
  await output.raw(printed === 0 ? '[]\n' : '\n]\n')
}
