import { join } from 'node:path'
import { withTemporaryFolder } from '../temporary-folder.mjs'
import { startServer } from './start-server.mjs'

/** What ends a process from outside, as a person or a CI system does it. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs work against a server with a data folder of its own. Server and folder go away afterwards, after Ctrl-C too:
 * the signal asks the work to end between two of its steps.
 * @template T
 * @param {(stage: { server: import('./start-server.mjs').RunningServer, folder: string, signal: AbortSignal }) => Promise<T>} work
 *   `folder` is temporary
 * @param {readonly string[]} [args] more arguments for the server
 * @returns {Promise<T>}
 */
export const withServer = async (work, args = ['--dev']) => {
  const ending = new AbortController()
  const onSignal = name => ending.abort(new Error(`Ended by ${name}`))
  for (const name of ENDING_SIGNALS) process.on(name, onSignal)
  try {
    return await withTemporaryFolder(async folder => {
      const server = await startServer({ dataDir: join(folder, 'data'), args })
      try {
        return await work({ server, folder, signal: ending.signal })
      } finally {
        await server.stop()
      }
    })
  } finally {
    for (const name of ENDING_SIGNALS) process.off(name, onSignal)
  }
}
