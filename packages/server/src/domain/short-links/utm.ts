import type { LinkRow } from '../../storage/stores/link-store'
import type { ShortLinkChange } from './short-link-change'

const UTM_PARAMETERS = ['utm_source', 'utm_medium', 'utm_campaign'] as const

/** Parameter → value, of those that are set. */
export type Utm = Readonly<Partial<Record<(typeof UTM_PARAMETERS)[number], string>>>

type UtmColumn = Pick<LinkRow, 'utm'>

/** What is added to the target of a link. */
export const utmOf = ({ utm }: UtmColumn): Utm => (utm === null ? {} : JSON.parse(utm))

/** The column once the link is changed. */
export const changedUtm = (
  { utmSource, utmMedium, utmCampaign }: ShortLinkChange,
  current: UtmColumn,
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
