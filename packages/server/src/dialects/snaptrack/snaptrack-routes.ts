import { contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'
import { routesOf } from '../../http/routes-of'
import { screenshotHandlers } from './screenshots'
import { serviceHandlers } from './service'
import { snaptrackDialect } from './snaptrack-dialect'
import { websiteHandlers } from './websites'

/** Every endpoint of the snaptrack surface, at its path and at the same one below `/api`. */
export const snaptrackRoutes = (domain: DomainContext): Route[] => {
  const handlers = {
    ...serviceHandlers(domain),
    ...websiteHandlers(domain),
    ...screenshotHandlers(domain),
  }
  const routes = routesOf('snaptrack', contract.snaptrack, handlers, snaptrackDialect)
  const below = routes.map(route => {
    const endpoint = { ...route.endpoint, path: `/api${route.endpoint.path}` }
    return { ...route, endpoint }
  })
  return [...routes, ...below]
}
