import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('bare-server.mjs', import.meta.url))

/** Node's server writes these by itself, on both sides. */
const WRITTEN_BY_NODE = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding'])

/**
 * Starts the yardstick: node:http alone, which sends the very bytes that Snoop sent once.
 * @param {string} folder for its answer
 * @param {{ url: string, headers: Record<string, string> }} request whose answer by Snoop is repeated
 */
export const startBareServer = async (folder, request) => {
  const response = await fetch(request.url, { headers: request.headers })
  if (!response.ok) throw new Error(`${response.status} from ${request.url}`)
  const headers = [...response.headers].filter(([name]) => !WRITTEN_BY_NODE.has(name))
  const file = join(folder, 'answer.json')
  const body = await response.text()
  writeFileSync(file, JSON.stringify({ status: response.status, headers: Object.fromEntries(headers), body }))

  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  return {
    url: `http://127.0.0.1:${String(port).trim()}${new URL(request.url).pathname}`,
    pid: child.pid,
    answerBytes: Buffer.byteLength(body),
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}
