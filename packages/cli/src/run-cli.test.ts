import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { CliError } from './cli-error'
import { COMMAND_TREE } from './command-tree'
import type { Command, CommandGroup } from './define-command'
import { parseCommandLine } from './parse-command-line'
import { createWorld, signedInWorld } from './testing/run-command'

const commandsOf = async (entry: Command | CommandGroup) =>
  entry.kind === 'command'
    ? [{ path: [entry.spec.name], spec: entry.spec }]
    : (await entry.load()).map(({ spec }) => ({ path: [entry.name, spec.name], spec }))

const allCommands = (await Promise.all(COMMAND_TREE.map(commandsOf))).flat()

const parse = (argv: readonly string[]) => parseCommandLine(argv, '1.2.3', { columns: 80, colored: false })

/** Splits a line as a shell does, as far as our examples need it. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

test.each(allCommands.flatMap(({ spec }) => spec.examples ?? []))(
  'the example `%s` parses',
  async example => {
    const line = example.slice(example.indexOf('snoop ') + 6).split(/ [<>|] /)[0] ?? ''
    expect((await parse(shellWords(line))).kind).toBe('run')
  },
)

test.each(allCommands)(
  '$path has help on stdout, and each of its options reaches the handler',
  async ({ path, spec }) => {
    const world = await createWorld()
    const { code, stdout, stderr } = await world.run([...path, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(spec.summary)
    for (const [name, option] of Object.entries(spec.options ?? {})) {
      const flag = /--[\w-]+/.exec(option.flags)?.[0] ?? ''
      const value = option.flags.includes('<') ? [option.choices?.[0] ?? 'x'] : []
      const args = (spec.arguments ?? []).map(argument => argument.choices?.[0] ?? 'x')
      const parsed = await parse([...path, ...args, flag, ...value])
      expect(parsed.kind === 'run' && parsed.selection.options[name], flag).toBeTruthy()
    }
  },
)

test('a group alone is help, not an error', async () => {
  const { code, stdout, stderr } = await (await createWorld()).run(['keys'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('rotate [key]')
})

test.each([
  [['keys', 'lst'], 'Did you mean list?'],
  [['projcts'], 'Did you mean projects?'],
  [['whoami', '--jsn'], 'Did you mean --json?'],
  [['keys', 'create', '--frobnicate'], 'snoop keys create --help'],
  [['keys', 'show'], 'snoop keys show --help'],
  [['whoami', 'extra'], 'snoop whoami --help'],
  [['completion', 'powershell'], 'bash'],
  [['whoami', '--store', 'paper'], 'keychain'],
])('%j is a usage error that helps', async (argv, help) => {
  const { code, stdout, stderr } = await (await createWorld()).run(argv)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(help)
})

test('global options may stand anywhere', async () => {
  const world = await signedInWorld()
  for (const argv of [
    ['--json', 'keys', 'list'],
    ['keys', '--json', 'list'],
    ['keys', 'list', '--json'],
  ]) {
    expect((await world.run(argv)).stdout).toBe('[]\n')
  }
})

test('a secret on the command line is refused and not repeated, wherever it stands', async () => {
  const world = await createWorld()
  const secret = `ba_${'x'.repeat(46)}`
  for (const argv of [
    [secret],
    ['keys', 'show', secret],
    ['api', 'x', '-f', `key=${secret}`],
    [`--url=${secret}`],
  ]) {
    const { code, stdout, stderr } = await world.run(argv)
    expect(code).toBe(2)
    expect(stdout + stderr).not.toContain(secret)
    expect(stderr).toContain('SNOOP_API_KEY')
  }
})

test('with --json an error is one line on stderr, and stdout is empty', async () => {
  const { code, stdout, stderr } = await (await createWorld()).run([
    'keys',
    'create',
    '--frobnicate',
    '--json',
  ])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr.trimEnd().split('\n').length).toBe(1)
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'usage',
      status: null,
      exit: 2,
      message: "Unknown option '--frobnicate'.",
      hint: 'See:  snoop keys create --help',
    },
  })
})

test('a bug is called a bug, exits 70 and does not quote what a parser read', async () => {
  const world = await signedInWorld()
  world.adapt = around => ({
    ...around,
    createTransport: async () => {
      throw new SyntaxError('Unexpected token in "top-secret"')
    },
  })
  for (const env of [{}, { SNOOP_DEBUG: '1' }]) {
    const { code, stderr } = await world.run(['whoami'], { env })
    expect(code).toBe(70)
    expect(stderr).toContain('bug in snoop')
    expect(stderr).not.toContain('top-secret')
  }
})

test('a damaged config file exits 12 with its path, and is not overwritten', async () => {
  const world = await createWorld()
  await mkdir(dirname(world.configFile), { recursive: true })
  await writeFile(world.configFile, '{"profiles":')
  const { code, stderr } = await world.run(['whoami'])
  expect(code).toBe(12)
  expect(stderr).toContain(world.configFile)
  expect(await readFile(world.configFile, 'utf8')).toBe('{"profiles":')
  expect((await world.run(['version'])).code).toBe(0)
  expect((await world.run(['api', '--list'])).code).toBe(0)
})

test('being asked to stop ends a call, with the code of the signal', async () => {
  const world = await signedInWorld()
  const stop = new AbortController()
  world.adapt = around => ({
    ...around,
    signal: stop.signal,
    createTransport: async () => ({
      ...world.server.transport,
      send: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          stop.abort(new CliError('Stopped.', { code: 'terminated', exit: 143 }))
        }),
    }),
  })
  expect((await world.run(['whoami'])).code).toBe(143)
})

test('being asked to stop ends the wait for a stdin that never ends', async () => {
  const world = await createWorld()
  const stop = new AbortController()
  // It is read once the command waits for it, and never gives anything.
  const read = () => stop.abort(new CliError('Stopped.', { code: 'interrupted', exit: 130 }))
  world.adapt = around => ({ ...around, signal: stop.signal, stdin: new Readable({ read }) })
  expect((await world.run(['api', 'POST', '/x', '--input', '-'])).code).toBe(130)
})

test('a reader that went away is no error', async () => {
  const world = await signedInWorld()
  world.adapt = around => ({
    ...around,
    stdout: {
      write: (_, done) => {
        done?.(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
        return false
      },
    },
  })
  expect(await world.run(['keys', 'list', '--json'])).toMatchObject({ code: 0, stderr: '' })
})

test('version is told in words and as JSON', async () => {
  const world = await createWorld()
  expect((await world.run(['version'])).stdout).toMatch(/^snoop \S+\n$/)
  expect(JSON.parse((await world.run(['version', '--json'])).stdout)).toMatchObject({ node: process.version })
})
