import type { DomainContext } from '../../domain/domain-context'
import { openShortLink, unlockShortLink } from '../../domain/short-links/open-short-link'
import { addressBucket } from '../../http/client-address'
import type { Dialect, Route } from '../../http/dialect'
import type { Handler } from '../../http/request-context'
import { OPEN_LINK, UNLOCK_LINK } from './link-endpoints'

/** Where short links are opened. */
export const linkRoutes = (pages: Dialect, domain: DomainContext): Route[] => {
  const open: Handler<typeof OPEN_LINK> = ({ params }, { isHead }) =>
    openShortLink(domain, params.alias, { counts: !isHead })
  const unlock: Handler<typeof UNLOCK_LINK> = ({ params, body }, { device }) =>
    unlockShortLink(domain, params.alias, body.password, addressBucket(device.ipAddress))
  return [
    { name: 'pages.openLink', endpoint: OPEN_LINK, dialect: pages, handle: open as Route['handle'] },
    { name: 'pages.unlockLink', endpoint: UNLOCK_LINK, dialect: pages, handle: unlock as Route['handle'] },
  ]
}
