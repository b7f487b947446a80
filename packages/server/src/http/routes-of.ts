import type { Contract, Endpoint } from '@snoop/sdk/contract'
import type { Dialect, Route } from './dialect'
import type { Handlers } from './request-context'

/** The routes of a surface: its endpoints of the contract, each with its handler; one that lacks a handler does not compile. */
export const routesOf = <Tag extends 'snipy' | 'snaptrack' | 'snaapi'>(
  tag: Tag,
  endpoints: Contract[Tag],
  handlers: Handlers<Contract>[Tag],
  dialect: Dialect,
): Route[] =>
  Object.entries<Endpoint>(endpoints).map(([method, endpoint]): Route => {
    const handle = (handlers as Readonly<Record<string, unknown>>)[method] as Route['handle']
    return { name: `${tag}.${method}`, endpoint, dialect, handle }
  })
