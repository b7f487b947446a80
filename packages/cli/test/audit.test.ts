import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PROGRAM, runSnoop, type SnoopResult } from './kit/run-snoop'
import { type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

let server: Server
const { home, remove } = createHome()

const env = (): Record<string, string> => ({
  HOME: home,
  SNOOP_URL: server.url,
  SNOOP_CREDENTIAL_STORE: 'file',
})
const snoop = (argv: readonly string[], stdin = ''): Promise<SnoopResult> =>
  runSnoop(argv, { env: env(), stdin })
const ok = async (argv: readonly string[], stdin?: string): Promise<string> => {
  const { code, stdout, stderr } = await snoop(argv, stdin)
  expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' })
  return stdout
}
const json = async (argv: readonly string[]) => JSON.parse(await ok([...argv, '--json']))
const addProject = (name: string): Promise<string> => ok(['projects', 'create', '--name', name])

beforeAll(async () => {
  server = await startServer()
  const { email, password } = await server.createAccount('ada')
  await ok(['login', '--email', email, '--password-stdin'], password)
  await addProject('Shop')
  await addProject('Store')
})
afterAll(async () => {
  await server.stop()
  remove()
})

test('what was done is listed, newest first, and chosen from', async () => {
  const [newest, before] = await json(['audit', 'list'])
  expect(newest).toMatchObject({
    sequence: before.sequence + 1,
    action: 'project.created',
    userName: 'ada',
    credentialType: 'session',
    outcome: 'success',
  })
  const [chosen, refused] = await Promise.all([
    json(['audit', 'list', '--action', 'project.created', '--since', '1h', '--limit', '1']),
    snoop(['audit', 'list', '--user', '../x']),
  ])
  expect(chosen).toEqual([newest])
  expect(refused.code).toBe(6)
})

/** Follows the log until an entry comes, then sends the signal. @returns when it follows, and how it ended */
const follow = (signal: NodeJS.Signals) => {
  let begun: Promise<unknown> | undefined
  const ended = runSnoop(['audit', 'tail', '--interval', '1s', '--verbose'], {
    env: env(),
    onStart: child => {
      begun = new Promise(resolve =>
        createInterface({ input: child.stderr! }).on(
          'line',
          line => line.includes('/chain 200') && resolve(line),
        ),
      )
      createInterface({ input: child.stdout! }).once('line', () => child.kill(signal))
    },
  })
  return { begun, ended }
}

test('tail prints what happens, and ends by a signal without a complaint', async () => {
  const [one, other] = [follow('SIGINT'), follow('SIGTERM')]
  await Promise.all([one.begun, other.begun])
  await addProject('Third')
  const results = await Promise.all([one.ended, other.ended])
  expect(results.map(({ code }) => code)).toEqual([130, 143])
  for (const { stdout, stderr } of results) {
    expect(stdout).toMatch(/^\d+\t20\S+Z\tproject\.created\t[^\n]+\n$/)
    expect(stderr.replace(/^GET .*\n/gm, '')).toBe('')
  }
})

test('the whole log is exported to a file that is for its owner alone', async () => {
  const file = join(home, 'whole.jsonl')
  await ok(['audit', 'export', '--output', file])
  const entries = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, i) => i + 1))
  expect(entries.at(-1)).toMatchObject({ action: 'audit_log.exported' })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect((await snoop(['audit', 'export', '--output', file])).code).toBe(6)
  const csv = await ok(['audit', 'export', '--format', 'csv', '--action', 'project.created'])
  expect(csv).toMatch(/^\W*id|^\W*sequence/i)
  expect(csv.match(/project\.created/g)?.length).toBeGreaterThan(1)
})

test('a log that nobody touched is verified, and its export without the server', async () => {
  const [file, chain] = [join(home, 'copy.jsonl'), join(home, 'chain.json')]
  writeFileSync(chain, await ok(['api', 'auditLogs.chain']))
  await ok(['audit', 'export', '--output', file])
  expect(await ok(['audit', 'verify'])).toContain('chain unbroken')
  const offline = () =>
    runSnoop(['audit', 'verify', '--file', file, '--chain', chain], {
      env: { HOME: '/nonexistent', SNOOP_URL: 'http://127.0.0.1:1' },
    })
  expect(await offline()).toMatchObject({ code: 0, stderr: '' })
  writeFileSync(file, readFileSync(file, 'utf8').replace('"Shop"', '"Shed"'))
  expect(await offline()).toMatchObject({ code: 13, stderr: expect.stringContaining('(altered)') })
})

test('whoever changes the database is found: the tail cut off by the anchor, an entry by its hash', async () => {
  const anchor = ['--anchor', join(home, 'anchor.json')]
  const { last } = await json(['audit', 'verify', ...anchor])
  server.tamper(`
    delete from audit_events where sequence >= ${last};
    update audit_chains set last_sequence = ${last - 1},
      last_hash = (select hash from audit_events where sequence = ${last - 1})`)
  const [alone, withAnchor] = await Promise.all([
    snoop(['audit', 'verify']),
    snoop(['audit', 'verify', ...anchor]),
  ])
  expect(alone.code).toBe(0)
  expect(withAnchor.code).toBe(13)
  server.tamper(`update audit_events set outcome = 'refused' where sequence = 2`)
  const altered = await snoop(['audit', 'verify'])
  expect(altered).toMatchObject({
    code: 13,
    stderr: expect.stringContaining('Entry 2 is not as it was written'),
  })
})

const LINE = `${JSON.stringify({ sequence: 1, action: 'x'.repeat(1000) })}\n`

/** A server whose export is as long as one likes. */
const startLong = async (lines: number, breakOff = false): Promise<string> => {
  const http = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/x-ndjson')
    const body = Readable.from(
      (function* () {
        for (let i = 0; i < lines; i += 50) yield LINE.repeat(50)
      })(),
    )
    body.pipe(response, { end: !breakOff })
    if (breakOff) body.on('end', () => response.destroy())
    response.on('close', () => body.destroy())
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}
const longEnv = (url: string) => ({
  HOME: home,
  SNOOP_URL: url,
  SNOOP_API_KEY: 'ba_x',
  SNOOP_ORG: '01ORG',
})

test('more goes through a program than it has room for', async () => {
  const file = join(home, 'big.jsonl')
  const url = await startLong(60_000)
  const { code, stderr } = await runSnoop(['audit', 'export', '--output', file], {
    env: { ...longEnv(url), NODE_OPTIONS: '--max-old-space-size=32' },
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(statSync(file).size).toBe(60_000 * LINE.length)
})

test('a reader that goes away (| head) is no error and leaves no trace', async () => {
  const url = await startLong(1_000_000)
  const child = spawn(process.execPath, [PROGRAM, 'audit', 'export'], {
    env: { PATH: process.env.PATH, ...longEnv(url) },
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'close')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('a server that dies in the middle leaves nothing that looks whole', async () => {
  const file = join(home, 'half.jsonl')
  const url = await startLong(1000, true)
  const { code } = await runSnoop(['audit', 'export', '--output', file], { env: longEnv(url) })
  expect(code).toBe(9)
  expect(readdirSync(home).filter(name => name.startsWith('half'))).toEqual([])
})
