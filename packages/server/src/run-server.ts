import { readFileSync } from 'node:fs'
import { ConfigError } from './config/config-error'
import { formatConfigHelp } from './config/describe-config'
import { readOperatorCommand } from './config/operator-commands'
import { readConfig } from './config/read-config'
import { createLogger } from './observability/logger'
import { type OperatorAnswer, runOperatorCommand } from './run-operator-command'
import { type RunningServer, startServer } from './start-server'
import { StorageError } from './storage/storage-error'
import { VERSION } from './version'

const EXIT = { failed: 1, usage: 2 } as const

const HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something else listens there. Stop it, or choose another --port.',
  EACCES: 'This user may not do that. Choose a port above 1023, or a folder that the user may write.',
  EADDRNOTAVAIL: 'This machine does not have that address. Choose another --host.',
}

/** A sentence for people: the message alone, never a stack. */
const describeFailure = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return [error.message, HINTS[code]].filter(Boolean).join('\n')
}

const stopOnSignals = (host: NodeJS.Process, server: RunningServer): void => {
  let isStopping = false
  const stop = () => {
    if (isStopping) host.exit(EXIT.failed)
    isStopping = true
    server.stop().then(
      () => host.exit(0),
      error => {
        host.stderr.write(`snoop-server: ${describeFailure(error)}\n`)
        host.exit(EXIT.failed)
      },
    )
  }
  host.on('SIGTERM', stop)
  host.on('SIGINT', stop)
}

const answerOperator = (host: NodeJS.Process, { isDone, message }: OperatorAnswer): void => {
  if (isDone) return void host.stdout.write(message && `${message}\n`)
  host.stderr.write(`snoop-server: ${message}\n`)
  host.exitCode = EXIT.failed
}

/**
 * The `snoop-server` program: reads the configuration, serves until SIGTERM or SIGINT, drains, exits 0. The address
 * goes to stdout once it is ready, the log to stderr. With a command it runs that instead, and says what became of it.
 * Exits 2 for a configuration that cannot be used, 1 if it cannot start or do what it is told.
 */
export const runServer = async (host: NodeJS.Process): Promise<void> => {
  const argv = host.argv.slice(2)
  if (argv.includes('--help') || argv.includes('-h')) return void host.stdout.write(formatConfigHelp())
  if (argv.includes('--version')) return void host.stdout.write(`${VERSION}\n`)
  try {
    const { command, flags } = readOperatorCommand(argv)
    const config = readConfig({
      argv: flags,
      env: host.env,
      readFile: path => readFileSync(path, 'utf8'),
      cwd: host.cwd(),
    })
    const logger = createLogger({ level: config.logLevel, stream: host.stderr })
    if (command)
      return answerOperator(host, await runOperatorCommand(command, config, logger, Date.now, host.stdout))
    const server = await startServer(config, logger, Date.now)
    stopOnSignals(host, server)
    host.stdout.write(`Snoop is ready at ${server.url}\n`)
  } catch (error) {
    const isExplained = error instanceof ConfigError || error instanceof StorageError
    host.stderr.write(`snoop-server: ${isExplained ? error.message : describeFailure(error)}\n`)
    host.exitCode = error instanceof ConfigError ? EXIT.usage : EXIT.failed
  }
}
