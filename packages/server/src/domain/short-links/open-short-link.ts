import type { ShortLinkTargetRow } from '../../storage/hot-queries'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { isAlias } from './alias'
import { forgetLinkGuesses, takeLinkGuess } from './link-guesses'
import { utmOf } from './utm'

/** What whoever opens a short link is answered. */
export type Opening =
  | { readonly outcome: 'redirect'; readonly location: string }
  /** It leads somewhere, but that is told to those alone who are counted. */
  | { readonly outcome: 'untold' }
  | { readonly outcome: 'password'; readonly isWrong: boolean }

const MAX_PASSWORD = 128

const notThere = (): DomainError => new DomainError('NOT_FOUND', { message: 'This link leads nowhere' })
const usedUp = (): DomainError =>
  new DomainError('GONE', { message: 'This link has been opened as often as it may be' })

const findLive = async ({ storage, clock }: DomainContext, alias: string): Promise<ShortLinkTargetRow> => {
  const link = isAlias(alias) ? await storage.hot.findShortLink(alias) : undefined
  if (!link) throw notThere()
  if (link.expires_at !== null && link.expires_at <= clock())
    throw new DomainError('GONE', { message: 'This link has expired' })
  if (link.max_clicks !== null && link.clicks >= link.max_clicks) throw usedUp()
  return link
}

/** The target, with the parameters of ours that it does not have itself; the rest of it stays letter by letter. */
const locationOf = (link: ShortLinkTargetRow): string => {
  const url = new URL(link.long_url)
  const added = new URLSearchParams(
    Object.entries(utmOf(link)).filter(([name]) => !url.searchParams.has(name)),
  ).toString()
  if (added !== '') url.search += url.search === '' ? added : `&${added}`
  return url.href
}

/** Counts, and only then says where to: what was answered is on disk. */
const follow = async ({ clicks }: DomainContext, link: ShortLinkTargetRow): Promise<Opening> => {
  if (!(await clicks.count(link))) throw usedUp()
  return { outcome: 'redirect', location: locationOf(link) }
}

/**
 * @param counts whether it is a click: a program that only looks makes none
 * @throws DomainError NOT_FOUND, GONE, SERVICE_UNAVAILABLE
 */
export const openShortLink = async (
  context: DomainContext,
  alias: string,
  { counts }: { readonly counts: boolean },
): Promise<Opening> => {
  const link = await findLive(context, alias)
  if (link.password_hash !== null) return { outcome: 'password', isWrong: false }
  if (counts) return follow(context, link)
  // Whoever only looks would have the target of a link of one click for nothing, again and again.
  return link.max_clicks === null
    ? { outcome: 'redirect', location: locationOf(link) }
    : { outcome: 'untold' }
}

/**
 * Opens a link that asks for a password.
 * @param address of who tries; of IPv6 the network that is one customer's
 * @throws DomainError NOT_FOUND, GONE, RATE_LIMIT_ERROR after many wrong ones, SERVICE_UNAVAILABLE
 */
export const unlockShortLink = async (
  context: DomainContext,
  alias: string,
  password: string,
  address: string,
): Promise<Opening> => {
  const link = await findLive(context, alias)
  if (link.password_hash === null) return follow(context, link)
  await takeLinkGuess(context, link, address)
  const isRight =
    password.length <= MAX_PASSWORD && (await context.passwords.verify(link.password_hash, password))
  if (!isRight) return { outcome: 'password', isWrong: true }
  await forgetLinkGuesses(context, link, address)
  return follow(context, link)
}
