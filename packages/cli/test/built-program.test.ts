import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { PROGRAM, runSnoop } from './kit/run-snoop'
import { createHome } from './kit/temporary-home'

const { home, remove } = createHome()
afterAll(remove)
const env = { HOME: home }

/** The chunks that are loaded with this one, whether a command needs them or not. */
const staticChunks = (file: string, found = new Set<string>()): Set<string> => {
  found.add(file)
  const text = readFileSync(join(dirname(PROGRAM), file), 'utf8')
  for (const [, next = ''] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) {
    if (!found.has(next)) staticChunks(next, found)
  }
  return found
}

const dynamicChunks = (file: string): string[] =>
  [...readFileSync(join(dirname(PROGRAM), file), 'utf8').matchAll(/import\("\.\/([\w.-]+\.js)"\)/g)].map(
    ([, name = '']) => name,
  )

test('--version loads one file, help and usage errors at most 70 KiB', () => {
  expect([...staticChunks('main.js')]).toEqual(['main.js'])
  const [hot = ''] = dynamicChunks('main.js')
  const bytes = [...staticChunks(hot)].map(name => statSync(join(dirname(PROGRAM), name)).size)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(70 * 1024)
})

test('undici and the writer of PNG files are not in the program, nor any source map or source', () => {
  const files = readdirSync(dirname(PROGRAM))
  expect(files.filter(name => !name.endsWith('.js'))).toEqual([])
  for (const name of files) {
    expect(readFileSync(join(dirname(PROGRAM), name), 'utf8')).not.toMatch(/llhttp|IHDR/)
  }
})

test('the keychain library is pinned to the Secret Service wherever it is opened', () => {
  const uses = readdirSync(dirname(PROGRAM))
    .map(name => readFileSync(join(dirname(PROGRAM), name), 'utf8'))
    .filter(text => text.includes('AsyncEntry'))
  expect(uses.length).toBe(1)
  expect(uses[0]).toMatch(/new \w+\(\w+,\w+,\{linux:\{store:"secret-service"\}\}\)/)
})

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(dirname(PROGRAM), '../package.json'), 'utf8'))
  for (const argv of [['--version'], ['-V'], ['version'], ['--no-color', '--version']]) {
    expect(await runSnoop(argv, { env })).toMatchObject({ code: 0, stdout: `snoop ${version}\n`, stderr: '' })
  }
})

test('a missing credential is told at once, without a question', async () => {
  const { code, stderr, durationMs } = await runSnoop(['whoami'], { env })
  expect(code).toBe(4)
  expect(stderr).toContain('SNOOP_API_KEY')
  expect(durationMs).toBeLessThan(2000)
})

const listen = async (body: string): Promise<string> => {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json')
    response.end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const bigList = JSON.stringify({
  success: true,
  status: 200,
  code: 'OK',
  message: 'OK',
  data: Array.from({ length: 30_000 }, (_, i) => ({ id: `01${i}`, name: 'x'.repeat(90) })),
  meta: { total: 30_000, offset: 0, limit: 100, hasMore: false },
})

test('three megabytes arrive whole through a slow pipe', async () => {
  const url = await listen(bigList)
  const child = spawn(process.execPath, [PROGRAM, 'api', '/x', '--paginate'], {
    env: { ...env, SNOOP_URL: url, SNOOP_API_KEY: 'ba_x' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(JSON.parse(text).length).toBe(30_000)
})

test('a reader that goes away (| head -1) is no error and leaves no trace', async () => {
  const url = await listen(bigList)
  const child = spawn(process.execPath, [PROGRAM, 'api', '/x', '--paginate'], {
    env: { ...env, SNOOP_URL: url, SNOOP_API_KEY: 'ba_x' },
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'close')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s during a call ends with %i, soon and in words', async (signal, expected) => {
  const server = createServer(() => running?.kill(signal)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  let running: { kill(name: NodeJS.Signals): unknown } | undefined
  const { code, stderr } = await runSnoop(['whoami'], {
    env: {
      ...env,
      SNOOP_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      SNOOP_API_KEY: 'ba_x',
    },
    onStart: child => {
      running = child
    },
  })
  expect({ code, stderr }).toEqual({ code: expected, stderr: '✗ Stopped.\n' })
})

test('a damaged credentials file is named, never quoted, not even for debugging', async () => {
  const { writePrivateFile } = await import('../src/config/private-file')
  const state = join(home, '.local/state/snoop')
  const name = 'file:default@http://127.0.0.1:4000'
  const session = { id: '01S', expiresAt: '2090-01-01T00:00:00.000Z' }
  await writePrivateFile(
    join(state, 'accounts.json'),
    JSON.stringify({ [name]: { user: null, key: null, session } }),
  )
  await writePrivateFile(join(state, 'credentials.json'), 'ba_secret')
  const { code, stderr } = await runSnoop(['whoami', '--store', 'file'], {
    env: { ...env, SNOOP_DEBUG: '1' },
  })
  expect(code).toBe(12)
  expect(stderr).toContain('credentials.json is damaged')
  expect(stderr).not.toContain('ba_secret')
})
