import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'

/** Every endpoint of the snaapi surface. */
export const snaapiRoutes = (_domain: DomainContext): Route[] => []
