import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs one of the programs beside this file that put load on a URL, in a process of its own.
 * @param {'load.mjs' | 'probe.mjs'} program
 * @param {object} options of that program. By stdin, since the headers hold a key and a command line is seen by
 *   everybody on the machine
 * @returns {Promise<any>} what it measured
 * @throws Error if any answer was not a 2xx: a figure of refused requests would be worth nothing
 */
export const runLoad = (program, options) =>
  new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL(program, import.meta.url))
    const child = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', text => {
      output += text
    })
    child.on('error', reject)
    child.on('close', code => {
      if (code !== 0) return reject(new Error(`${program} ended with ${code}`))
      const result = JSON.parse(output)
      if (result.failures > 0)
        return reject(new Error(`${result.failures} requests of ${result.total} failed`))
      resolve(result)
    })
    child.stdin.end(JSON.stringify(options))
  })
