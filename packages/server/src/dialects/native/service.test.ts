import { describe, expect, it } from 'vitest'
import { openTestEngine } from '../../testing/open-test-engine'
import { createTestDomain } from '../../testing/test-domain'
import { serviceHandlers } from './service'

const input = { params: undefined, query: undefined, body: undefined }
const unavailable = (message: string) =>
  expect.objectContaining({ code: 'SERVICE_UNAVAILABLE', message, detail: { retryAfterSeconds: 2 } })

describe('the probes', () => {
  it('tell a server that can work from one that is going down or has lost its database', async () => {
    const engine = await openTestEngine('sqlite')
    const { context } = createTestDomain(engine)
    const readiness = { isDraining: false }
    const handlers = serviceHandlers(context, '1.2.3', readiness)
    // The context of a request plays no part in these.
    const ready = async () => handlers.ready(input, {} as never)
    expect(await ready()).toEqual({ status: 'ready' })
    readiness.isDraining = true
    await expect(ready()).rejects.toEqual(unavailable('The server is shutting down'))
    readiness.isDraining = false
    await engine.close()
    await expect(ready()).rejects.toEqual(unavailable('The database does not answer'))
    expect(handlers.health(input, {} as never)).toEqual({ status: 'alive' })
  })

  it('describe the API under the public origin', async () => {
    const engine = await openTestEngine('sqlite')
    const handlers = serviceHandlers(createTestDomain(engine).context, '1.2.3', { isDraining: false })
    expect(handlers.openapi(input, {} as never)).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
      info: { version: '1.2.3' },
      servers: [{ url: 'https://auth.example.com' }],
    })
    await engine.close()
  })

  it('describe no surface that is switched off', async () => {
    const engine = await openTestEngine('sqlite')
    const { context } = createTestDomain(engine, { surfaces: ['native', 'snaapi'] })
    const handlers = serviceHandlers(context, '1.2.3', { isDraining: false })
    const { paths, tags } = handlers.openapi(input, {} as never) as unknown as {
      paths: Record<string, unknown>
      tags: { name: string }[]
    }
    expect(tags.map(({ name }) => name).filter(name => name.startsWith('sn'))).toEqual(['snaapi'])
    expect(Object.keys(paths)).not.toContain('/api/urls')
    expect(Object.keys(paths)).toContain('/v1/{resource}')
    await engine.close()
  })
})
