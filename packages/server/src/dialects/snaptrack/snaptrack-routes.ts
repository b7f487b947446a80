import type { DomainContext } from '../../domain/domain-context'
import type { Route } from '../../http/dialect'

/** Every endpoint of the snaptrack surface. */
export const snaptrackRoutes = (_domain: DomainContext): Route[] => []
