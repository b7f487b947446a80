import { readFileSync } from 'node:fs'
import type { Config } from './config/config'
import { readConfig } from './config/read-config'
import { createLogger, type LogStream } from './observability/logger'
import { type RunningServer, startServer } from './start-server'

/** Any setting of the configuration, and what a program or test may bring along. */
export type ServerOptions = Partial<Config> & {
  /** Gets the log, line by line; stderr unless given. */
  readonly logStream?: LogStream
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

const readTextFile = (path: string): string => readFileSync(path, 'utf8')

/**
 * Starts a server inside this process. What is left out has the defaults of `snoop-server`, but for the environment
 * and the configuration file, which are not read.
 * @example const server = await createServer({ dataDir: './data', port: 0 }); console.log(server.url)
 * @throws ConfigError, StorageError, or Error with a `code` such as EADDRINUSE
 */
export const createServer = async ({
  logStream = process.stderr,
  clock = Date.now,
  ...options
}: ServerOptions = {}): Promise<RunningServer> => {
  const argv = options.dataDir === undefined ? [] : ['--data-dir', options.dataDir]
  const defaults = readConfig({ argv, env: {}, readFile: readTextFile, cwd: process.cwd() })
  const config = { ...defaults, ...options }
  return startServer(config, createLogger({ level: config.logLevel, stream: logStream }), clock)
}
