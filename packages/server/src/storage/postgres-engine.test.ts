import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { organizationRow } from '../testing/rows'
import { findPostgresPrograms, type PrivatePostgres, startPostgres } from '../testing/start-postgres'
import type { StorageEngine } from './engine'
import { openPostgresEngine } from './postgres-engine'
import { StorageError } from './storage-error'

const SECRET = 'hunter2'

async function failureAt(url: string): Promise<Error> {
  const engine = await openPostgresEngine({ url, maxConnections: 1 })
  const failures = await Promise.allSettled([
    engine.ping(),
    engine.migrate(),
    (async () => engine.prepare('select 1')())(),
    engine.transaction(trx => trx.selectFrom('users').selectAll().execute()),
  ])
  await engine.close()
  const reasons = failures.map(failure => failure.status === 'rejected' && failure.reason)
  for (const reason of reasons) {
    expect(reason).toBeInstanceOf(StorageError)
    expect(`${reason.stack} ${JSON.stringify(reason.cause)}`).not.toContain(SECRET)
  }
  return reasons[0]
}

describe('PostgreSQL that is not there', () => {
  it.each([
    [`postgres://snoop:${SECRET}@127.0.0.1:1/db`, 'PostgreSQL at 127.0.0.1:1 refuses connections. Start it'],
    [`postgres://snoop:${SECRET}@localhost:1/db`, 'PostgreSQL at localhost:1 refuses connections. Start it'],
    [
      `postgres://snoop:${SECRET}@no-such-host.invalid/db`,
      'The host no-such-host.invalid of the database is not known',
    ],
    [`postgres://snoop:${SECRET}@/db?host=/nowhere`, 'There is no PostgreSQL at the socket in /nowhere'],
  ])('is reported without the password: %s', async (url, message) => {
    expect((await failureAt(url)).message).toContain(message)
  })

  it('is reported when something else answers', async () => {
    const server = createServer(socket => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address() as { port: number }
    const failure = await failureAt(`postgres://snoop:${SECRET}@127.0.0.1:${address.port}/db`)
    expect(failure.message).toContain(`PostgreSQL at 127.0.0.1:${address.port} can't be reached.`)
    await new Promise(resolve => server.close(resolve))
  })
})

describe.runIf(inject('postgresUrl') !== null)('PostgreSQL', () => {
  let server: PrivatePostgres
  let engine: StorageEngine

  beforeAll(async () => {
    server = await startPostgres(findPostgresPrograms() ?? '')
    engine = await openPostgresEngine({ url: server.url, maxConnections: 3 })
    await engine.migrate()
  }, 30_000)
  afterAll(async () => {
    await engine.close()
    await server.stop()
  })

  const addressWith = (change: (url: URL) => void) => {
    const url = new URL(server.url)
    change(url)
    return url.href
  }

  it('without the database says so', async () => {
    const url = addressWith(address => {
      address.pathname = 'missing'
    })
    expect((await failureAt(url)).message).toContain('has no database named missing. Create it')
  })

  it('without the user says so', async () => {
    const url = addressWith(address => {
      address.username = 'stranger'
      address.password = SECRET
    })
    expect((await failureAt(url)).message).toContain('does not let the user stranger in')
  })

  it('without TLS says so when TLS is asked for', async () => {
    const url = addressWith(address => {
      address.search = '?sslmode=verify-full'
    })
    expect((await failureAt(url)).message).toContain('has no TLS. Turn it on there')
  })

  it('stops a statement that takes too long', async () => {
    const limit = engine.prepare<{ statement_timeout: string }>('show statement_timeout')
    expect(await limit()).toEqual({ statement_timeout: '15s' })
  })

  it('may restart: the next query connects again, and an open transaction fails alone', async () => {
    const find = engine.prepare<{ id: string }>('select id from organizations where id = ?')
    await engine.db.insertInto('organizations').values(organizationRow('before')).execute()
    await Promise.all([find('before'), find('before')])
    const interrupted = engine.transaction(async trx => {
      await trx.insertInto('organizations').values(organizationRow('lost')).execute()
      await server.restart()
      await trx.insertInto('organizations').values(organizationRow('lost too')).execute()
    })
    await expect(interrupted).rejects.toThrow()
    expect(await find('before')).toEqual({ id: 'before' })
    const rows = await engine.db.selectFrom('organizations').select('id').execute()
    expect(rows).toEqual([{ id: 'before' }])
  }, 30_000)

  it('refuses to round a number that is too large', async () => {
    await expect((async () => engine.prepare('select 9007199254740993 as n')())()).rejects.toThrow(RangeError)
  })

  it('says when all connections stay busy', async () => {
    const crowded = await openPostgresEngine({ url: server.url, maxConnections: 1, connectTimeoutMs: 50 })
    await crowded.transaction(async () => {
      await expect(crowded.ping()).rejects.toThrow('All connections to the database stayed busy.')
    })
    await expect(crowded.ping()).resolves.toBeUndefined()
    await crowded.close()
  })
})
