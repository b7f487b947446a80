import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('load.mjs', import.meta.url))

/** @typedef {{ perSecond: number, total: number, p50Ms: number, p99Ms: number, failures: number }} LoadResult */

/**
 * Puts load on a URL from another process.
 * @param {object} options as autocannon takes them; `duration` in seconds
 * @returns {Promise<LoadResult>}
 * @throws Error if any answer was not a 2xx: a figure of refused requests would be worth nothing
 */
export const runLoad = options =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', text => {
      output += text
    })
    child.on('error', reject)
    child.on('close', code => {
      if (code !== 0) return reject(new Error(`The load generator ended with ${code}`))
      const result = JSON.parse(output)
      if (result.failures > 0)
        return reject(new Error(`${result.failures} requests of ${result.total} failed`))
      resolve(result)
    })
    // By stdin, since the headers hold a key and a command line is seen by everybody on the machine.
    child.stdin.end(JSON.stringify(options))
  })
