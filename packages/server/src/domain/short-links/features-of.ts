import type { ChangeableColumns } from './apply-change'
import type { LinkFeature } from './assert-link-features'

const FEATURE_OF = {
  alias: 'custom_alias',
  password_hash: 'password_protection',
  expires_at: 'link_expiry',
  utm: 'utm',
} as const satisfies Partial<Record<keyof ChangeableColumns, LinkFeature>>

const COLUMNS = Object.keys(FEATURE_OF) as (keyof typeof FEATURE_OF)[]

/** What of a plan a change needs: what is taken away or stays needs nothing. */
export const featuresOf = (before: ChangeableColumns, after: ChangeableColumns): LinkFeature[] =>
  COLUMNS.filter(column => after[column] !== null && after[column] !== before[column]).map(
    column => FEATURE_OF[column],
  )
