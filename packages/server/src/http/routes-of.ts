import {
  type Contract,
  listEndpoints,
  type NativeContract,
  SURFACE_WIRES,
  type Surface,
} from '@snoop/sdk/contract'
import type { Dialect, Route } from './dialect'
import type { Handlers } from './request-context'

/** The part of the contract that a surface speaks. */
type SurfaceContract<Name extends Surface> =
  Name extends Exclude<Surface, 'native'> ? Pick<Contract, Name> : NativeContract

/**
 * The routes of a surface: its endpoints of the contract, each with its handler, at every path that they are at. An
 * endpoint that lacks a handler does not compile.
 */
export const routesOf = <Name extends Surface>(
  surface: Name,
  handlers: Handlers<SurfaceContract<Name>>,
  dialect: Dialect,
): Route[] => {
  const byTag: Readonly<Record<string, Readonly<Record<string, unknown>>>> = handlers
  const routes = listEndpoints([surface]).map(({ name, tag, endpoint }): Route => {
    const handle = byTag[tag]?.[name.slice(tag.length + 1)] as Route['handle']
    return { name, endpoint, dialect, handle }
  })
  const { alsoBelow } = SURFACE_WIRES[surface]
  if (alsoBelow === undefined) return routes
  const below = routes.map(route => {
    const endpoint = { ...route.endpoint, path: `${alsoBelow}${route.endpoint.path}` }
    return { ...route, endpoint }
  })
  return [...routes, ...below]
}
