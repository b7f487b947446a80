import { spawnSync } from 'node:child_process'
import { startServer } from '../../../scripts/server/start-server.mjs'
import { withTemporaryFolder } from '../../../scripts/temporary-folder.mjs'
import { readResidentMib } from './process-usage.mjs'
import { median } from './statistics.mjs'

const timeOf = (command, args) => {
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - startedAt
}

/**
 * What a command costs over a Node.js that does nothing, in pairs, so that a slow moment hits both.
 * @param {readonly string[]} args of Node.js
 * @param {number} runs
 */
export const measureCommand = (args, runs) => {
  const pairs = Array.from({ length: runs }, () => ({
    bare: timeOf(process.execPath, ['-e', '0']),
    command: timeOf(process.execPath, args),
  }))
  return {
    bareMs: median(pairs.map(pair => pair.bare)),
    commandMs: median(pairs.map(pair => pair.command)),
    addedMs: median(pairs.map(pair => pair.command - pair.bare)),
  }
}

/**
 * From the start of the process to the first answer of `/ready`, in a new data folder and in one that is there, and
 * the memory it holds then.
 * @param {number} runs
 */
export const measureServerStart = async runs => {
  const starts = []
  for (let run = 0; run < runs; run += 1) {
    starts.push(
      await withTemporaryFolder(async folder => {
        const first = await startAndStop(folder)
        const again = await startAndStop(folder)
        return { newMs: first.readyAfterMs, againMs: again.readyAfterMs, residentMib: again.residentMib }
      }),
    )
  }
  return {
    newMs: median(starts.map(start => start.newMs)),
    againMs: median(starts.map(start => start.againMs)),
    idleResidentMib: median(starts.map(start => start.residentMib)),
  }
}

const startAndStop = async dataDir => {
  const server = await startServer({ dataDir, pollMs: 2 })
  const residentMib = readResidentMib(server.pid)
  await server.stop()
  return { readyAfterMs: server.readyAfterMs, residentMib }
}
