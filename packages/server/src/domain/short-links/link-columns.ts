import type { LinkRow } from '../../storage/stores/link-store'
import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import { checkAlias } from './alias'
import type { LinkFeature } from './assert-link-features'
import { checkTarget } from './check-target'

/** What a caller says of a link. Undefined stays as it is, null takes away. */
export interface ShortLinkChange {
  readonly longUrl?: string | undefined
  readonly alias?: string | undefined
  /** Host of the short URL. */
  readonly domain?: string | undefined
  readonly password?: string | null | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | null | undefined
  readonly maxClicks?: number | null | undefined
  readonly utmSource?: string | null | undefined
  readonly utmMedium?: string | null | undefined
  readonly utmCampaign?: string | null | undefined
}

/** Parameter → value, of those that are set. */
export type Utm = Readonly<Partial<Record<(typeof UTM_PARAMETERS)[number], string>>>

const UTM_PARAMETERS = ['utm_source', 'utm_medium', 'utm_campaign'] as const

/** What is added to the target of a link. */
export const utmOf = ({ utm }: Pick<LinkRow, 'utm'>): Utm => (utm === null ? {} : JSON.parse(utm))

const checkDomain = ({ settings }: Pick<DomainContext, 'settings'>, domain: string): void => {
  const { host, hostname } = new URL(settings.origin)
  const given = domain.toLowerCase()
  if (given !== host && given !== hostname)
    throw invalidField('domain', `Must be ${host}, the host of the short URLs of this server`)
}

/** @throws DomainError VALIDATION_ERROR for what no plan allows */
export const checkChange = (
  context: Pick<DomainContext, 'settings' | 'clock'>,
  { longUrl, alias, domain, expiresAt }: ShortLinkChange,
): void => {
  if (longUrl !== undefined) checkTarget(context, longUrl)
  if (alias !== undefined) checkAlias(alias)
  if (domain !== undefined) checkDomain(context, domain)
  if (expiresAt !== undefined && expiresAt !== null && !(expiresAt > context.clock()))
    throw invalidField('expiry', 'Must be in the future')
}

const changedUtm = (
  { utmSource, utmMedium, utmCampaign }: ShortLinkChange,
  current: Pick<LinkRow, 'utm'>,
): string | null => {
  const given: Record<string, string | null | undefined> = {
    utm_source: utmSource,
    utm_medium: utmMedium,
    utm_campaign: utmCampaign,
  }
  const before: Utm = utmOf(current)
  const entries = UTM_PARAMETERS.flatMap(name => {
    const value = given[name] === undefined ? before[name] : given[name]
    return value ? [[name, value] as const] : []
  })
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries))
}

type Changeable = Pick<LinkRow, 'alias' | 'long_url' | 'utm' | 'password_hash' | 'expires_at' | 'max_clicks'>

/**
 * The columns of a link once it is changed.
 * @param passwordHash of the password that the change sets
 */
export const applyChange = (
  change: ShortLinkChange,
  current: Changeable,
  passwordHash: string | undefined,
): Changeable => {
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

const FEATURE_OF = {
  alias: 'custom_alias',
  password_hash: 'password_protection',
  expires_at: 'link_expiry',
  utm: 'utm',
} as const satisfies Partial<Record<keyof Changeable, LinkFeature>>

const COLUMNS = Object.keys(FEATURE_OF) as (keyof typeof FEATURE_OF)[]

/** What of a plan a change needs: what is taken away or stays needs nothing. */
export const featuresOf = (before: Changeable, after: Changeable): LinkFeature[] =>
  COLUMNS.filter(column => after[column] !== null && after[column] !== before[column]).map(
    column => FEATURE_OF[column],
  )
