import { defineEndpoint, type Endpoint, RATE_LIMIT_GROUPS } from '@snoop/sdk/contract'
import { z } from 'zod'
import { nativeDialect } from '../../dialects/native/native-dialect'
import type { DomainContext } from '../../domain/domain-context'
import { RateLimiter } from '../../domain/rate-limits/rate-limiter'
import type { LogFields } from '../../observability/logger'
import { createAddressTest } from '../client-address'
import type { Route } from '../dialect'
import { handleRequest, type Walk } from '../handle-request'
import type { RateLimitRules } from '../rate-limit'
import { Router } from '../router'
import type { WireRequest } from '../wire'

export const NO_LIMITS = Object.fromEntries(
  RATE_LIMIT_GROUPS.map(group => [group, null]),
) as unknown as RateLimitRules

/** A walk over routes of a test's own: no database, no socket, a clock that stands still. */
export const fakeWalk = (overrides: Partial<Walk> = {}) => {
  const logged: LogFields[] = []
  const note = (fields: LogFields) => void logged.push(fields)
  const clock = () => 1_000_000
  const domain = {
    clock,
    keyLimiter: new RateLimiter(clock),
    logger: { debug: note, warn: note, error: note },
  }
  const router = new Router<Route>()
  const walk: Walk = {
    router,
    defaultDialect: nativeDialect,
    pages: nativeDialect,
    domain: domain as unknown as DomainContext,
    limiter: new RateLimiter(clock),
    rateLimits: { ...NO_LIMITS, global: { max: 500, windowMs: 900_000 } },
    isTrustedProxy: createAddressTest(['10.0.0.0/8']),
    isTrustedOrigin: origin => origin === 'https://app.example.com',
    ...overrides,
  }
  return {
    logged,
    /** Adds a public GET of `/thing` that answers `{ id }`, unless the test says otherwise. */
    route: (handle: Route['handle'], endpoint: Partial<Endpoint> = {}) => {
      const { method, path, ...rest }: Endpoint = {
        ...defineEndpoint({
          method: 'GET',
          path: '/thing',
          summary: 'Get a thing',
          access: { kind: 'public' },
          response: z.object({ id: z.string() }),
          status: 200,
          message: 'Thing fetched',
          errors: [],
        }),
        ...endpoint,
      }
      router.add(method, path, {
        name: 'thing.get',
        endpoint: { method, path, ...rest },
        dialect: nativeDialect,
        handle,
      })
    },
    /** Sends a request from this machine, unless the test says otherwise. */
    send: async (request: Partial<WireRequest> = {}) => {
      const { status, headers, body } = await handleRequest(walk, {
        method: 'GET',
        target: '/thing',
        headers: {},
        remoteAddress: '127.0.0.1',
        isEncrypted: false,
        readBody: async () => '',
        ...request,
      })
      const isJson = String(headers['Content-Type']).startsWith('application/json')
      return { status, headers, body: typeof body === 'string' && isJson ? JSON.parse(body) : body }
    },
  }
}
