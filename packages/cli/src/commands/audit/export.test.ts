import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Transport } from '@snoop/sdk'
import { expect, test } from 'vitest'
import { CliError } from '../../cli-error'
import { addAuditEntry, auditLogOf, jsonLines } from '../../testing/fake-audit-routes'
import { signedInWorld, type World } from '../../testing/run-command'

const worldWithEntries = async (count = 3): Promise<World> => {
  const world = await signedInWorld()
  for (let i = 0; i < count; i++) addAuditEntry(world.server.state)
  return world
}
const wholeLog = (world: World): string => jsonLines(auditLogOf(world.server.state).entries)

/** Lets the body of the export come in these pieces instead. */
const sendPieces = (world: World, pieces: (body: string) => AsyncIterable<string>): void => {
  const { transport } = world.server
  const broken: Transport = {
    ...transport,
    async send(request) {
      const response = await transport.send(request)
      if (!request.url.pathname.endsWith('/export')) return response
      return {
        ...response,
        async *chunks() {
          for await (const piece of pieces(await response.text())) yield new TextEncoder().encode(piece)
        },
      }
    },
  }
  world.adapt = around => ({ ...around, createTransport: async () => broken })
}

/** Half of the log, then an end without warning. */
const breakOff = (world: World): void =>
  sendPieces(world, async function* (body) {
    yield body.slice(0, body.length / 2)
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
  })

test('the log goes to stdout as it came, whatever --json says', async () => {
  const world = await worldWithEntries()
  expect((await world.run(['audit', 'export'])).stdout).toBe(wholeLog(world))
  expect((await world.run(['audit', 'export', '--json'])).stdout).toBe(wholeLog(world))
  expect((await world.run(['audit', 'export', '--format', 'csv'])).stdout).toMatch(/^sequence,action\n1,/)
})

test('filters and format go to the server', async () => {
  const world = await worldWithEntries()
  await world.run(['audit', 'export', '--format', 'csv', '--since', '2090-01-01', '--user', '01U'])
  expect(Object.fromEntries(world.server.requests.at(-1)!.url.searchParams)).toEqual({
    format: 'csv',
    startDate: '2090-01-01',
    userId: '01U',
  })
})

test('on a terminal nothing in the log can steer it', async () => {
  const world = await worldWithEntries(1)
  sendPieces(world, async function* () {
    yield 'a\u001b[2Jb\u202ec\n'
  })
  expect((await world.run(['audit', 'export', '--format', 'csv'], { tty: true })).stdout).toBe('abc\n')
})

test('a file is for its owner alone, whole, and not overwritten unless that was asked for', async () => {
  const world = await worldWithEntries()
  const file = join(world.home, 'audit.jsonl')
  const done = await world.run(['audit', 'export', '--output', file])
  expect(done).toMatchObject({ code: 0, stdout: `${file}\n` })
  expect(readFileSync(file, 'utf8')).toBe(wholeLog(world))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const before = world.server.requests.length
  const again = await world.run(['audit', 'export', '--output', file])
  expect(again).toMatchObject({ code: 6, stderr: expect.stringContaining('--force') })
  expect(world.server.requests.length).toBe(before)
  writeFileSync(file, 'old', { mode: 0o644 })
  expect((await world.run(['audit', 'export', '--output', file, '--force'])).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(wholeLog(world))
  expect((await world.run(['audit', 'export', '--force'])).code).toBe(2)
})

test('a file that somebody makes meanwhile is not overwritten', async () => {
  const world = await worldWithEntries()
  const file = join(world.home, 'audit.jsonl')
  sendPieces(world, async function* (body) {
    writeFileSync(file, 'theirs')
    yield body
  })
  expect((await world.run(['audit', 'export', '--output', file])).code).toBe(6)
  expect(readFileSync(file, 'utf8')).toBe('theirs')
  expect(readdirSync(world.home).filter(name => name.endsWith('.part'))).toEqual([])
})

test('a stream that breaks off is a failure, and leaves nothing that looks whole', async () => {
  const world = await worldWithEntries()
  const file = join(world.home, 'audit.jsonl')
  breakOff(world)
  expect((await world.run(['audit', 'export'])).code).toBe(9)
  expect((await world.run(['audit', 'export', '--output', file])).code).toBe(9)
  expect(readdirSync(world.home).filter(name => name.startsWith('audit'))).toEqual([])
  writeFileSync(file, 'old')
  expect((await world.run(['audit', 'export', '--output', file, '--force'])).code).toBe(9)
  expect(readFileSync(file, 'utf8')).toBe('old')
})

test('a stream that ends in the middle of a line is one that broke off', async () => {
  const world = await worldWithEntries()
  const file = join(world.home, 'audit.jsonl')
  sendPieces(world, async function* (body) {
    yield body.slice(0, -1)
  })
  expect((await world.run(['audit', 'export', '--output', file])).code).toBe(9)
  expect(existsSync(file)).toBe(false)
})

test('asked to stop, it leaves nothing', async () => {
  const world = await worldWithEntries()
  const stop = new AbortController()
  const file = join(world.home, 'audit.jsonl')
  sendPieces(world, async function* (body) {
    yield body.slice(0, 10)
    stop.abort(new CliError('Stopped.', { code: 'interrupted', exit: 130 }))
    await new Promise(() => undefined)
  })
  const { adapt } = world
  world.adapt = around => ({ ...adapt(around), signal: stop.signal })
  expect((await world.run(['audit', 'export', '--output', file])).code).toBe(130)
  expect(readdirSync(world.home).filter(name => name.startsWith('audit'))).toEqual([])
})

test('a reader that goes away is no failure', async () => {
  const world = await worldWithEntries()
  world.adapt = around => ({
    ...around,
    stdout: {
      isTTY: false,
      write(_, done) {
        done?.(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
        return false
      },
    },
  })
  expect(await world.run(['audit', 'export'])).toMatchObject({ code: 0, stderr: '' })
})

test('a folder that is not there is named, and nothing is exported', async () => {
  const world = await worldWithEntries()
  const file = join(world.home, 'nowhere/audit.jsonl')
  const { code, stderr } = await world.run(['audit', 'export', '--output', file])
  expect(code).toBe(1)
  expect(stderr).toContain(`${file} cannot be written`)
  expect(world.server.requests.some(({ url }) => url.pathname.endsWith('/export'))).toBe(false)
})
