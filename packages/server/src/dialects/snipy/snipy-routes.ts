import { contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'
import { routesOf } from '../../http/routes-of'
import { snipyDialect, snipyTokenDialect } from './snipy-dialect'
import { tokenHandlers } from './tokens'

/** Every endpoint of the snipy surface. */
export const snipyRoutes = (domain: DomainContext): Route[] => {
  const ofTokens = tokenHandlers(domain)
  const routes = routesOf('snipy', contract.snipy, ofTokens as never, snipyDialect).filter(
    ({ handle }) => handle !== undefined,
  )
  return routes.map(route =>
    route.name.slice('snipy.'.length) in ofTokens ? { ...route, dialect: snipyTokenDialect } : route,
  )
}
