import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'

/** Every endpoint of the snipy surface. */
export const snipyRoutes = (_domain: DomainContext): Route[] => []
