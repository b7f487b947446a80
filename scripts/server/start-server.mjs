import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRepository } from '../repository.mjs'
import { exitCodeOf } from '../run-process.mjs'
import { pollUntil } from './poll-until.mjs'

/** The built program. */
export const SERVER_PROGRAM = inRepository('packages', 'server', 'dist', 'main.js')

/**
 * @typedef {object} RunningServer
 * @property {string} url its origin
 * @property {number} pid
 * @property {string} outbox folder where its mails arrive
 * @property {number} readyAfterMs from the start of the process to the first answer of `/ready`
 * @property {() => string} readLog
 * @property {() => Promise<number>} stop asks it to stop, and answers with its exit code
 */

/**
 * Starts `snoop-server` as a process on a free loopback port and waits until it is ready. Its log goes to
 * `<dataDir>/server.log`. Settings of the surrounding environment do not reach it.
 * @param {{ dataDir: string, args?: readonly string[], node?: string, pollMs?: number }} options
 * @returns {Promise<RunningServer>}
 */
export const startServer = async ({ dataDir, args = [], node = process.execPath, pollMs = 20 }) => {
  mkdirSync(dataDir, { recursive: true })
  const logFile = join(dataDir, 'server.log')
  const log = openSync(logFile, 'w')
  const startedAt = performance.now()
  // Its own process group: Ctrl-C reaches us alone, and we stop it when we no longer need it.
  const child = spawn(node, [SERVER_PROGRAM, '--port', '0', '--data-dir', dataDir, ...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: withoutSnoopSettings(process.env),
  })
  closeSync(log)
  const readLog = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '')
  const ended = new Promise(resolve => {
    child.on('close', (code, signal) => resolve(exitCodeOf(code, signal)))
    child.on('error', () => resolve(127))
  })
  let endCode
  void ended.then(code => {
    endCode = code
  })

  const stop = async () => {
    if (endCode !== undefined) return endCode
    child.kill('SIGTERM')
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 15_000)
    const code = await ended
    clearTimeout(giveUp)
    return code
  }

  try {
    const wait = { everyMs: pollMs, what: 'snoop-server to be ready' }
    const url = await pollUntil(() => {
      if (endCode !== undefined) throw new Error(`snoop-server ended with ${endCode}`)
      return /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+/.exec(readLog())?.[0]
    }, wait)
    await pollUntil(async () => ((await isReady(url)) ? true : undefined), wait)
    const readyAfterMs = performance.now() - startedAt
    return { url, pid: child.pid, outbox: join(dataDir, 'outbox'), readyAfterMs, readLog, stop }
  } catch (error) {
    await stop()
    throw new Error(`${error.message}\n${readLog()}`)
  }
}

const isReady = async url => {
  try {
    const response = await fetch(`${url}/ready`)
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

const withoutSnoopSettings = env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SNOOP_')))
