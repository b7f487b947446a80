import { listEndpoints } from './contract'
import type { Endpoint } from './endpoint'
import { wireOf } from './surfaces'

const fits = (endpointPath: string, path: string): boolean => {
  const pattern = endpointPath.split('/').map(part => (part.startsWith(':') ? '[^/]+' : part))
  return new RegExp(`^${pattern.join('/')}$`).test(path)
}

/** Whether the path leads to it from where its surface is a second time. */
const fitsBelow = (endpoint: Endpoint, path: string): boolean => {
  const { alsoBelow } = wireOf(endpoint)
  return alsoBelow !== undefined && fits(`${alsoBelow}${endpoint.path}`, path)
}

/**
 * The endpoint that a request is for.
 * @param method in capitals
 * @param path without the query
 */
export const findEndpoint = (method: string, path: string): Endpoint | undefined => {
  const endpoints = listEndpoints()
    .map(({ endpoint }) => endpoint)
    .filter(endpoint => endpoint.method === method)
  return (
    endpoints.find(endpoint => fits(endpoint.path, path)) ??
    endpoints.find(endpoint => fitsBelow(endpoint, path))
  )
}
