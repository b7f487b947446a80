import { validationStatusOf } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'
import { routesOf } from '../../http/routes-of'
import { qrHandlers } from './qrs'
import { snipyDialect, snipyTokenDialect } from './snipy-dialect'
import { tokenHandlers } from './tokens'
import { urlHandlers } from './urls'

/** Every endpoint of the snipy surface; those for tokens say in their own way what is wrong with a request. */
export const snipyRoutes = (domain: DomainContext): Route[] => {
  const snipy = { ...tokenHandlers(domain), ...urlHandlers(domain), ...qrHandlers(domain) }
  return routesOf('snipy', { snipy }, snipyDialect).map(route =>
    validationStatusOf(route.endpoint) === 400 ? { ...route, dialect: snipyTokenDialect } : route,
  )
}
