import { randomUUID } from 'node:crypto'
import { homedir, hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { CliError, interrupted } from './cli-error'
import type { Surroundings } from './context'
import { EXIT } from './exit-codes'
import { runCli } from './run-cli'

const abortOnSignals = (): AbortSignal => {
  const stop = new AbortController()
  const onSignal = (reason: CliError): void => {
    // A second signal does not wait for anything.
    if (stop.signal.aborted) process.exit(reason.details.exit)
    stop.abort(reason)
  }
  process.on('SIGINT', () => onSignal(interrupted()))
  process.on('SIGTERM', () =>
    onSignal(new CliError('Stopped.', { code: 'terminated', exit: EXIT.TERMINATED })),
  )
  return stop.signal
}

/** A reader that went away (`| head`) ends the output, not the program with a trace. */
const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error
}

/** Runs a command line with the real terminal, network, keychain and clock. Sets the exit code; never exits. */
export const runInProcess = async (argv: readonly string[]): Promise<void> => {
  process.stdout.on('error', ignoreClosedPipe)
  process.stderr.on('error', ignoreClosedPipe)
  const signal = abortOnSignals()
  const around: Surroundings = {
    env: process.env,
    platform: process.platform,
    homeDirectory: homedir(),
    hostName: hostname(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal,
    now: Date.now,
    randomId: randomUUID,
    createPrompts: async colored => {
      const { terminalPrompts } = await import('./prompts/terminal-prompts')
      return terminalPrompts({ input: process.stdin, output: process.stderr, signal, colored })
    },
    startSpinner: async (text, colored) => {
      const { default: ora } = await import('ora')
      const spinner = ora({ text, color: colored ? 'cyan' : false, discardStdin: false }).start()
      return () => void spinner.stop()
    },
    createTransport: async () => (await import('./http/node-transport')).createNodeTransport(),
    sleep: (milliseconds, stop) => wait(milliseconds, undefined, { signal: stop }),
    openInBrowser: async url =>
      (await import('./open-in-browser')).openInBrowser(url, process.platform, process.env),
    retry: { attempts: 2, maxRetryAfterMs: 10_000 },
    openStore: async (kind, storeAround) =>
      (await import('./keychain/open-store')).openStore(kind, storeAround),
  }
  process.exitCode = await runCli(argv, around)
}
