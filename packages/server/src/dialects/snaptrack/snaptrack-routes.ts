import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'
import { routesOf } from '../../http/routes-of'
import { screenshotHandlers } from './screenshots'
import { serviceHandlers } from './service'
import { snaptrackDialect } from './snaptrack-dialect'
import { websiteHandlers } from './websites'

/** Every endpoint of the snaptrack surface. */
export const snaptrackRoutes = (domain: DomainContext): Route[] => {
  const snaptrack = { ...serviceHandlers(domain), ...websiteHandlers(domain), ...screenshotHandlers(domain) }
  return routesOf('snaptrack', { snaptrack }, snaptrackDialect)
}
