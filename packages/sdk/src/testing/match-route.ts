import { type Endpoint, listEndpoints } from '../contract'

/** An endpoint that a request is for, with its path parameters decoded. */
export interface RouteMatch {
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
}

const matchPath = (pattern: string, path: string): Record<string, string> | undefined => {
  const names = pattern.split('/')
  const parts = path.split('/')
  if (names.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? ''
    if (name.startsWith(':')) params[name.slice(1)] = decodeURIComponent(part)
    else if (name !== part) return undefined
  }
  return params
}

/** Finds the endpoint of the contract that a method and path lead to. */
export const matchRoute = (method: string, path: string): RouteMatch | undefined => {
  for (const { endpoint } of listEndpoints()) {
    const params = endpoint.method === method ? matchPath(endpoint.path, path) : undefined
    if (params) return { endpoint, params }
  }
  return undefined
}
