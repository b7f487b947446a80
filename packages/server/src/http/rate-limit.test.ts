import { randomBytes } from 'node:crypto'
import type { Endpoint } from '@snoop/sdk/contract'
import { defineEndpoint } from '@snoop/sdk/contract'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { nativeDialect } from '../dialects/native/native-dialect'
import { generateKey } from '../domain/api-keys/key-formats'
import type { DomainContext } from '../domain/domain-context'
import { DomainError } from '../domain/domain-error'
import { RateLimiter } from '../domain/rate-limits/rate-limiter'
import type { SubjectLimiter } from '../domain/rate-limits/subject-limiter'
import { hashSecret } from '../domain/secret-hash'
import { StorageError } from '../storage/storage-error'
import type { Dialect, Route } from './dialect'
import { Router } from './router'
import { fakeWalk, NO_LIMITS } from './testing/fake-walk'

const MINUTE = { windowMs: 60_000 }
const clock = () => 1_000_000

interface Surface {
  readonly endpoint?: Partial<Endpoint>
  readonly dialect?: Partial<Dialect>
  readonly limits?: Partial<typeof NO_LIMITS>
  readonly keyLimit?: {
    readonly max: number
    readonly refill?: { readonly amount: number; readonly intervalMs: number }
  }
  readonly keyLimiter?: SubjectLimiter
  readonly findApiKey?: () => unknown
  readonly rotatedTo?: string
}

/** A walk with one route of a surface, where whoever has the key comes in. */
const surfaceWalk = (surface: Surface = {}) => {
  const { endpoint, dialect, limits, keyLimit, keyLimiter, findApiKey, rotatedTo = null } = surface
  const { key } = generateKey('ba', 'ba_', randomBytes)
  const row = {
    id: 'ak_1',
    user_id: 'usr_1',
    organization_id: null,
    format: 'ba',
    scopes: '["user:read"]',
    permissions: null,
    enabled: 1,
    expires_at: null,
    revoked_at: null,
    rotated_to: rotatedTo,
    rotation_request_hash: null,
    rate_limit_enabled: Number(keyLimit !== undefined),
    rate_limit_max: keyLimit?.max ?? 0,
    rate_limit_window_ms: 60_000,
    refill_interval_ms: keyLimit?.refill?.intervalMs ?? null,
    refill_amount: keyLimit?.refill?.amount ?? null,
    is_active: 1,
  }
  const counted: string[] = []
  const limiter = keyLimiter ?? new RateLimiter(clock)
  const note = () => {}
  const domain = {
    clock,
    keyLimiter: {
      take: (...args: Parameters<SubjectLimiter['take']>) => {
        counted.push(args[0])
        return limiter.take(...args)
      },
      peek: (...args: Parameters<SubjectLimiter['peek']>) => limiter.peek(...args),
      handOver: note,
    },
    logger: { debug: note, info: note, warn: note, error: note },
    uses: { recordKey: note },
    refusals: { record: note },
    storage: {
      hot: {
        findApiKey: findApiKey ?? ((hash: string) => (hash === hashSecret(key) ? row : undefined)),
        findHomeOrganization: () => ({ organization_id: 'org_1' }),
        findMembership: () => ({ role: 'owner', mfa_required_at: null }),
      },
    },
  }
  const router = new Router<Route>()
  router.add('GET', '/thing', {
    name: 'thing.get',
    endpoint: {
      ...defineEndpoint({
        method: 'GET',
        path: '/thing',
        dialect: 'snipy',
        summary: 'Get a thing',
        access: { kind: 'home', scopes: ['user:read'], permission: 'organization:read' },
        response: z.object({ id: z.string() }),
        status: 200,
        message: 'Thing fetched',
        errors: [],
      }),
      ...endpoint,
    } as Endpoint,
    dialect: { ...nativeDialect, countsBeforePath: true, codeInHeader: true, ...dialect },
    handle: () => ({ id: '1' }),
  })
  const { send } = fakeWalk({
    router,
    domain: domain as unknown as DomainContext,
    rateLimits: { ...NO_LIMITS, global: { max: 3, ...MINUTE }, ...limits },
  })
  const get = async (headers: Record<string, string> = { 'x-api-key': key }, target = '/thing') => {
    const answer = await send({ headers, target })
    const { 'RateLimit-Limit': limit, 'RateLimit-Remaining': remaining } = answer.headers
    return { ...answer, code: (answer.body as { code: string }).code, left: `${remaining}/${limit}` }
  }
  return { get, counted }
}

describe('a surface', () => {
  test('does not count by address who has a limit of its own', async () => {
    const { get } = surfaceWalk({ keyLimit: { max: 10 } })
    for (let left = 9; left > 4; left--)
      expect(await get()).toMatchObject({ status: 200, left: `${left}/10` })
  })

  test('counts by address who has none', async () => {
    const { get } = surfaceWalk()
    for (const left of ['2/3', '1/3', '0/3']) expect(await get()).toMatchObject({ status: 200, left })
    expect((await get()).status).toBe(429)
  })

  test('counts by address who is known and not let in', async () => {
    const access = { kind: 'home', scopes: ['projects:write'], permission: 'organization:read' } as const
    const { get } = surfaceWalk({ endpoint: { access }, keyLimit: { max: 10 } })
    for (let request = 0; request < 3; request++) expect((await get()).status).toBe(403)
    expect((await get()).status).toBe(429)
  })

  const { key: unknown } = generateKey('ba', 'ba_', randomBytes)
  test.each([
    ['no credential', {}, 401],
    ['an unknown key', { 'x-api-key': unknown }, 401],
    ['a mistyped key', { 'x-api-key': 'ba_nothing' }, 401],
    ['an empty token', { authorization: '' }, 401],
    ['another scheme', { authorization: 'Digest a' }, 401],
    ['a token that is not taken here', { authorization: 'Bearer a' }, 401],
  ])('counts by address who comes with %s', async (_what, headers, status) => {
    const { get } = surfaceWalk({ keyLimit: { max: 10 } })
    for (const left of ['2/3', '1/3', '0/3']) expect(await get(headers)).toMatchObject({ status, left })
    expect(await get(headers)).toMatchObject({ status: 429, code: 'RATE_LIMIT_ERROR', left: '0/3' })
    // Who has a key is let in all the same.
    expect((await get()).status).toBe(200)
  })

  test('counts by address what is sent from a foreign page', async () => {
    const { get } = surfaceWalk({ endpoint: { method: 'GET' } })
    expect((await get({ cookie: 'snoop_session=x' })).left).toBe('2/3')
  })

  test('does not hold an outage against anybody', async () => {
    const { get } = surfaceWalk({
      findApiKey: () => {
        throw new StorageError('The database is closed.')
      },
    })
    for (let request = 0; request < 5; request++)
      expect(await get()).toMatchObject({ status: 503, left: '3/3' })
  })

  test('without credentials is counted by address as any other route', async () => {
    const { get } = surfaceWalk({ endpoint: { access: { kind: 'public' } } })
    for (const left of ['2/3', '1/3', '0/3']) expect(await get()).toMatchObject({ status: 200, left })
    expect((await get()).status).toBe(429)
  })
})

describe('a group that is counted by user', () => {
  const endpoint = { rateLimit: 'snipyUrlCreate' } as const

  test('counts in its wider group too, and tells what is nearest to its end', async () => {
    const limits = { snipy: { max: 5, ...MINUTE }, snipyUrlCreate: { max: 2, ...MINUTE } } as never
    const { get, counted } = surfaceWalk({ endpoint, limits })
    expect((await get()).left).toBe('1/2')
    expect(counted).toEqual(['snipy usr_1', 'snipyUrlCreate usr_1'])
    await get()
    const refused = await get()
    expect(refused).toMatchObject({ status: 429, left: '0/2' })
    expect(refused.body.message).toBe('You may make 2 requests of this kind in 60 seconds; try again later')
    expect(refused.headers['Retry-After']).toBe('60')
  })

  test('is refused by the wider one, and costs nothing of its own then', async () => {
    const limits = { snipy: { max: 1, ...MINUTE }, snipyUrlCreate: { max: 9, ...MINUTE } } as never
    const { get, counted } = surfaceWalk({ endpoint, limits })
    expect((await get()).left).toBe('0/1')
    expect(await get()).toMatchObject({ status: 429, left: '0/1' })
    expect(counted).toEqual(['snipy usr_1', 'snipyUrlCreate usr_1', 'snipy usr_1'])
  })

  test('can be switched off alone', async () => {
    const limits = { snipy: { max: 5, ...MINUTE } } as never
    expect((await surfaceWalk({ endpoint, limits }).get()).left).toBe('4/5')
  })
})

describe('an allowance of an organization', () => {
  const rule = { max: 2, ...MINUTE, aligned: true } as const
  const tellExceeded = ({ limit }: { readonly limit: number }) => `No more than ${limit}`

  test('is counted before the key, and shown where it is nearer to its end', async () => {
    const findAllowance = async () => ({ subject: 'org_1', rule, tellExceeded })
    const { get, counted } = surfaceWalk({ dialect: { findAllowance }, keyLimit: { max: 9 } })
    expect((await get()).left).toBe('1/2')
    expect(counted).toEqual(['org_1', 'ak_1'])
    await get()
    const body = { message: 'No more than 2' }
    expect(await get()).toMatchObject({ status: 429, left: '0/2', body: { meta: body } })
    expect(counted.filter(subject => subject === 'ak_1')).toHaveLength(2)
  })

  test('that refuses does so before anything is counted', async () => {
    const refusal = new DomainError('FORBIDDEN', { message: 'Not in your plan' })
    const findAllowance = async () => ({ subject: 'org_1', rule, refusal, tellExceeded })
    const { get, counted } = surfaceWalk({ dialect: { findAllowance }, keyLimit: { max: 1 } })
    for (let request = 0; request < 3; request++)
      expect(await get()).toMatchObject({ status: 403, left: '2/2', body: { message: 'Not in your plan' } })
    expect(counted).toEqual([])
  })
})

describe('the limit of a key', () => {
  test('that was rotated and lives on for a grace is that of its successor', async () => {
    const { get, counted } = surfaceWalk({ keyLimit: { max: 5 }, rotatedTo: 'ak_2' })
    expect((await get()).status).toBe(200)
    expect(counted).toEqual(['ak_2'])
  })

  test('is told apart in words: a window, and a bucket', async () => {
    const window = surfaceWalk({ keyLimit: { max: 1 } })
    await window.get()
    expect((await window.get()).body.message).toBe(
      'This API key may make 1 requests in its window; try again later',
    )
    const bucket = surfaceWalk({ keyLimit: { max: 1, refill: { amount: 5, intervalMs: 2000 } } })
    await bucket.get()
    const refused = await bucket.get()
    expect(refused.body.message).toBe('This API key has used up its 1 requests; 5 more come every 2 seconds')
    expect(refused.headers['Retry-After']).toBe('2')
  })

  test('that cannot be counted is an outage: nobody is let through', async () => {
    const down = () => Promise.reject(new StorageError('PostgreSQL at db:5432 refuses connections.'))
    const keyLimiter = { take: down, peek: down, handOver: down }
    const { get } = surfaceWalk({
      keyLimit: { max: 9 },
      keyLimiter,
      endpoint: { access: { kind: 'account', scopes: [] } } as never,
    })
    expect(await get()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' })
  })
})
