// How long the export of a long audit log takes, and that the server's memory does not grow with it.
// Usage: node packages/server/bench/measure-audit-export.mjs [--rows 1000000] [--json]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createAccount } from '../../../scripts/server/create-account.mjs'
import { startServer } from '../../../scripts/server/start-server.mjs'
import { withTemporaryFolder } from '../../../scripts/temporary-folder.mjs'
import { fillAuditLog } from './fill-audit-log.mjs'
import { readResidentMib } from './process-usage.mjs'

const { values: flags } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
})
const FEW = 10_000

/** The most memory that a process ever held, in MiB (Linux). */
const readPeakMib = pid =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

const createOwner = async dataDir => {
  const server = await startServer({ dataDir, args: ['--dev'] })
  const { apiKey } = await createAccount(server, ['user:read'])
  const headers = { 'x-api-key': apiKey }
  const get = async path => (await (await fetch(server.url + path, { headers })).json()).data
  const [{ id: organizationId }] = await get('/api/user/organizations')
  const { id: userId } = await get('/api/user/me')
  await server.stop()
  return { headers, organizationId, userId }
}

/** Reads an export to its end, in a server process of its own. */
const measureExport = async ({ dataDir, headers, organizationId, format }) => {
  const server = await startServer({ dataDir })
  try {
    const idleMib = readResidentMib(server.pid)
    const startedAt = performance.now()
    const path = `/api/user/organizations/${organizationId}/audit-logs/export?format=${format}`
    const response = await fetch(server.url + path, { headers })
    if (!response.ok) throw new Error(`The export answered ${response.status}`)
    let bytes = 0
    let lines = 0
    for await (const chunk of response.body) {
      bytes += chunk.length
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1
    }
    const seconds = (performance.now() - startedAt) / 1000
    return { format, lines, mib: bytes / 1024 ** 2, seconds, idleMib, peakMib: readPeakMib(server.pid) }
  } finally {
    await server.stop()
  }
}

const results = await withTemporaryFolder(async dataDir => {
  const owner = await createOwner(dataDir)
  const measured = []
  for (const rows of [FEW, Number(flags.rows)]) {
    fillAuditLog({ dataDir, rows, ...owner })
    for (const format of ['jsonl', 'csv']) measured.push(await measureExport({ dataDir, format, ...owner }))
  }
  return measured
})

if (flags.json) console.log(JSON.stringify(results, null, 2))
else
  for (const { format, lines, mib, seconds, idleMib, peakMib } of results)
    console.log(
      `${format.padEnd(5)} ${String(lines).padStart(8)} lines  ${mib.toFixed(0).padStart(5)} MiB  ${seconds.toFixed(1).padStart(6)} s  memory: idle ${idleMib.toFixed(0)} MiB, peak ${peakMib.toFixed(0)} MiB`,
    )
