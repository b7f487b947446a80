import { readFile } from 'node:fs/promises'
import { type App, createApp } from './app'
import { claimInstanceSecret } from './claim-instance-secret'
import type { Config } from './config/config'
import { databaseAddress } from './database-address'
import { handleRequest } from './http/handle-request'
import { type NodeServer, startNodeServer } from './http/node-server'
import { deriveInstanceKeys } from './instance-keys'
import type { Logger } from './observability/logger'
import { readResourceFile } from './read-resource-file'
import { openEngine } from './storage/open-engine'

export interface RunningServer {
  /** Where it can be reached from this machine. */
  readonly url: string
  /** The public origin. */
  readonly origin: string
  /** Lets running requests end, writes down what is pending, closes the database. Calling it again waits for the same end. */
  stop(): Promise<void>
}

const readTls = async (tls: Config['tls']) =>
  tls && { cert: await readFile(tls.certFile), key: await readFile(tls.keyFile) }

const urlOf = (config: Config, port: number): string => {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  return `${config.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Opens the database, brings its tables up to date, and serves.
 * @throws ConfigError for the instance secret or the file of resources, StorageError, or Error with a `code` such as EADDRINUSE or ENOENT; nothing is left open
 */
export const startServer = async (
  config: Config,
  logger: Logger,
  clock: () => number,
): Promise<RunningServer> => {
  const tls = await readTls(config.tls)
  const resources = await readResourceFile(config.resources)
  const engine = await openEngine({
    database: databaseAddress(config.database),
    maxConnections: config.databasePoolSize,
  })
  // Needs the port, so it is made after listening; no request can come in between, which is one turn of the event loop.
  let app: App
  let server: NodeServer
  let instanceSecret: Buffer
  try {
    instanceSecret = await claimInstanceSecret(config.secretFile, engine)
    if ((await engine.windows?.join()) === false)
      logger.warn(
        { event: 'limits.join_failed' },
        'another process on this database does not answer: until it does, limits are counted in two places',
      )
    server = await startNodeServer({
      host: config.host,
      port: config.port,
      tls,
      handle: request => handleRequest(app.walk, request),
    })
  } catch (error) {
    await engine.close()
    throw error
  }
  const url = urlOf(config, server.port)
  const origin = config.origin ?? url
  app = createApp({
    config,
    resources,
    origin,
    engine,
    keys: deriveInstanceKeys(instanceSecret),
    logger,
    clock,
  })
  logger.info({ event: 'server.started', url, origin, database: engine.name }, 'server started')

  let stopped: Promise<void> | undefined
  return {
    url,
    origin,
    stop: () => {
      stopped ??= stopServer(app, server, engine, config, logger)
      return stopped
    },
  }
}

const stopServer = async (
  app: App,
  server: NodeServer,
  engine: { close(): Promise<void> },
  config: Config,
  logger: Logger,
): Promise<void> => {
  app.drain()
  await server.stop(config.shutdownGraceSeconds * 1000)
  try {
    await app.stop()
  } finally {
    await engine.close()
  }
  logger.info({ event: 'server.stopped' }, 'server stopped')
}
