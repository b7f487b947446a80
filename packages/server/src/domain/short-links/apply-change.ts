import type { LinkRow } from '../../storage/stores/link-store'
import type { ShortLinkChange } from './short-link-change'
import { changedUtm } from './utm'

/** The columns that a change of a link can touch. */
export type ChangeableColumns = Pick<
  LinkRow,
  'alias' | 'long_url' | 'utm' | 'password_hash' | 'expires_at' | 'max_clicks'
>

/**
 * The columns of a link once it is changed.
 * @param passwordHash of the password that the change sets
 */
export const applyChange = (
  change: ShortLinkChange,
  current: ChangeableColumns,
  passwordHash: string | undefined,
): ChangeableColumns => {
  const { longUrl, alias, password, expiresAt, maxClicks } = change
  return {
    alias: alias ?? current.alias,
    long_url: longUrl ?? current.long_url,
    utm: changedUtm(change, current),
    password_hash: password === null ? null : (passwordHash ?? current.password_hash),
    expires_at: expiresAt === undefined ? current.expires_at : expiresAt,
    max_clicks: maxClicks === undefined ? current.max_clicks : maxClicks,
  }
}
