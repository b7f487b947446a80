import type { ListPromise } from '@snoop/sdk'
import { usageError } from '../cli-error'

const DEFAULT_LIMIT = 50
const PAGE = 100

/**
 * Reads `--limit` and `--all`.
 * @throws CliError (exit 2) if they make no sense
 */
export const readLimit = (limit: string | undefined, all: true | undefined): number => {
  if (limit === undefined) return all ? Number.POSITIVE_INFINITY : DEFAULT_LIMIT
  if (all) throw usageError('--limit and --all exclude one another.')
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit)
  throw usageError('--limit takes a number from 1 up.')
}

/** How many to ask for at a time. */
export const pageSize = (limit: number): number => Math.min(limit, PAGE)

/** The first items of a list, and how many it has in all. */
export const takeItems = async <T>(
  list: ListPromise<T>,
  limit: number,
): Promise<{ readonly items: readonly T[]; readonly total: number }> => {
  const items: T[] = []
  let total = 0
  for await (const page of list.pages()) {
    items.push(...page.data)
    total = page.meta.total
    if (items.length >= limit) break
  }
  return { items: items.slice(0, limit), total }
}

/** The line below a list. @param ifNone instead, for a list without items */
export const listRemark = (shown: number, total: number, ifNone: string): string | undefined => {
  if (shown < total) return `${shown} of ${total}. For all of them:  --all`
  return shown === 0 ? ifNone : undefined
}
