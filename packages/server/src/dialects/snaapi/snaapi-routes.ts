import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'
import { routesOf } from '../../http/routes-of'
import { resourceHandlers } from './resources'
import { rowHandlers } from './rows'
import { snaapiDialect } from './snaapi-dialect'
import { tokenHandlers } from './token'

/** Every endpoint of the snaapi surface. */
export const snaapiRoutes = (domain: DomainContext): Route[] =>
  routesOf(
    'snaapi',
    { snaapi: { ...tokenHandlers(domain), ...resourceHandlers(domain), ...rowHandlers(domain) } },
    snaapiDialect,
  )
