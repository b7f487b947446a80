import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const ADDRESS = /Snoop is ready at (http\S+)/

/** The built `snoop-server` in a process of its own. */
export interface SpawnedServer {
  readonly url: string
  readonly process: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
}

/** Starts the program without waiting for it to be ready. */
export const spawnProgram = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  if (!existsSync(PROGRAM)) throw new Error('The server is not built: run `npm run build` first.')
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { PATH: process.env.PATH ?? '', ...env } })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => {
    output.stdout += chunk
  })
  child.stderr.on('data', chunk => {
    output.stderr += chunk
  })
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  )
  return { child, output, ended }
}

/** Starts the program and waits until it says that it is ready. @throws Error with its stderr if it ends before */
export const spawnServer = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<SpawnedServer> => {
  const { child, output, ended } = spawnProgram(['--port', '0', ...args], env)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const address = ADDRESS.exec(output.stdout)?.[1]
      if (address) resolve(address)
    })
    ended.then(code => reject(new Error(`snoop-server ended with ${code}: ${output.stderr}`)))
  })
  return {
    url,
    process: child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    end: signal => {
      child.kill(signal)
      return ended
    },
  }
}
