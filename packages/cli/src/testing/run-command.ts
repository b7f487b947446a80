import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Surroundings } from '../context'
import { openStore } from '../keychain/open-store'
import type { TextStream } from '../output/text-stream'
import { runCli } from '../run-cli'
import { createFakeSnoop, type FakeSnoop, PASSWORD } from './fake-snoop'
import { createMemoryStore, type MemoryStore } from './memory-store'
import { type ScriptedAnswer, scriptedPrompts } from './scripted-prompts'
import { temporaryFolder } from './temporary-folder'

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Both stdout and the questions are on a terminal. */
  readonly tty?: boolean
  readonly answers?: readonly ScriptedAnswer[]
}

export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The questions that were asked. */
  readonly asked: readonly string[]
}

/** A machine with its folders, keychain and clock, and a server: what stays from one command to the next. */
export interface World {
  readonly home: string
  readonly stateDirectory: string
  readonly configFile: string
  readonly server: FakeSnoop
  readonly keychain: MemoryStore
  nowMs: number
  /** Wraps what the next commands are given, to watch or to disturb them. */
  adapt: (around: Surroundings) => Surroundings
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>
}

/** In the future, since the cookie jar goes by the real clock. */
const START_MS = Date.parse('2090-06-01T12:00:00.000Z')

const textStream = (isTTY: boolean): TextStream & { text: string } => ({
  isTTY,
  columns: 120,
  text: '',
  write(chunk, done) {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    done?.()
    return true
  },
})

export const createWorld = async (): Promise<World> => {
  const home = await temporaryFolder()
  const keychain = createMemoryStore()
  let ids = 0
  const world: World = {
    home,
    stateDirectory: join(home, '.local/state/snoop'),
    configFile: join(home, '.config/snoop/config.json'),
    server: createFakeSnoop(() => world.nowMs),
    keychain,
    nowMs: START_MS,
    adapt: around => around,
    async run(argv, { env = {}, stdin = '', tty = false, answers = [] } = {}) {
      const stdout = textStream(tty)
      const stderr = textStream(tty)
      const asked: string[] = []
      const around: Surroundings = {
        env: { SNOOP_URL: 'http://127.0.0.1:4000', NO_COLOR: '1', ...env },
        platform: 'linux',
        homeDirectory: home,
        hostName: 'adas-laptop',
        stdin: Object.assign(Readable.from(stdin === '' ? [] : [stdin]), { isTTY: tty }),
        stdout,
        stderr,
        signal: new AbortController().signal,
        now: () => world.nowMs,
        randomId: () => `id-${++ids}`,
        createPrompts: async () => scriptedPrompts(answers, asked),
        startSpinner: async () => () => undefined,
        createTransport: async () => world.server.transport,
        sleep: async (milliseconds, signal) => {
          signal.throwIfAborted()
          world.nowMs += milliseconds
        },
        openInBrowser: async () => false,
        retry: { attempts: 0 },
        openStore: async (kind, storeAround) =>
          kind === 'keychain' ? keychain.open() : openStore(kind, storeAround),
      }
      const code = await runCli(argv, world.adapt(around))
      return { code, stdout: stdout.text, stderr: stderr.text, asked }
    },
  }
  return world
}

/** A world in which Ada has signed in. */
export const signedInWorld = async (): Promise<World> => {
  const world = await createWorld()
  const { code, stderr } = await world.run(['login', '--email', 'ada@example.com', '--password-stdin'], {
    stdin: `${PASSWORD}\n`,
  })
  if (code !== 0) throw new Error(`The sign-in failed: ${stderr}`)
  return world
}
