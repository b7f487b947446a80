import { type Endpoint, findEndpoint } from '../contract'

/** An endpoint that a request is for, with its path parameters decoded. */
export interface RouteMatch {
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
}

/** Finds the endpoint of the contract that a method and path lead to. */
export const matchRoute = (method: string, path: string): RouteMatch | undefined => {
  const endpoint = findEndpoint(method, path)
  if (!endpoint) return undefined
  const names = endpoint.path.slice(1).split('/')
  // Some are below another path too, so they are counted from the end.
  const parts = path.split('/').slice(-names.length)
  const named = names.flatMap((name, index) =>
    name.startsWith(':') ? [[name.slice(1), decodeURIComponent(parts[index] ?? '')] as const] : [],
  )
  return { endpoint, params: Object.fromEntries(named) }
}
