// What Snoop costs, against baselines that are measured in the same run. Absolute figures say more about the machine.
// Usage: node packages/server/bench/run.mjs [--smoke] [--json]
import { parseArgs } from 'node:util'
import { inRepository } from '../../../scripts/repository.mjs'
import { createAccount } from '../../../scripts/server/create-account.mjs'
import { withServer } from '../../../scripts/server/with-server.mjs'
import { createPeople } from './create-people.mjs'
import { measureEnumeration } from './measure-enumeration.mjs'
import { measureSignInPressure } from './measure-sign-in-pressure.mjs'
import { measureCommand, measureServerStart } from './measure-start.mjs'
import { measureTenants } from './measure-tenants.mjs'
import { measureThroughput } from './measure-throughput.mjs'
import { printReport } from './print-report.mjs'
import { startBareServer } from './start-bare-server.mjs'

const { values: flags } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
})

const size = flags.smoke
  ? { rounds: 2, seconds: 1, pressureSeconds: 2, commandRuns: 5, startRuns: 2, people: 10, many: 100 }
  : { rounds: 7, seconds: 4, pressureSeconds: 10, commandRuns: 20, startRuns: 7, people: 200, many: 10_000 }

/** Limits would end the measurement; everything else is as it runs by default. */
const WITHOUT_LIMITS = [
  '--rate-limit',
  'global=off,signIn=off,signUp=off,magicLink=off,verificationMail=off,passwordReset=off',
  '--key-rate-limit',
  'off',
]

const measureRequests = async ({ server, folder, signal }) => {
  const { apiKey } = await createAccount(server, ['user:read'])
  const url = `${server.url}/api/user/me`
  const headers = { 'x-api-key': apiKey }
  const bare = await startBareServer(folder, { url, headers })
  try {
    const throughput = await measureThroughput({
      snoop: { url, pid: server.pid },
      bare,
      headers,
      rounds: size.rounds,
      seconds: size.seconds,
      connections: 50,
    })
    signal.throwIfAborted()
    const people = await createPeople(server, Math.max(50, size.people))
    const signIn = { url: `${server.url}/api/auth/sign-in/email`, people: people.slice(0, 50) }
    const pressure = await measureSignInPressure({ url, headers, signIn, seconds: size.pressureSeconds })
    const enumeration = await measureEnumeration({ url: server.url, people: people.slice(0, size.people) })
    return { throughput, pressure, enumeration }
  } finally {
    await bare.stop()
  }
}

const version = measureCommand(
  [inRepository('packages', 'cli', 'dist', 'main.js'), '--version'],
  size.commandRuns,
)
const start = await measureServerStart(size.startRuns)
const tenants = await measureTenants({
  few: 10,
  many: size.many,
  rounds: size.rounds,
  requests: flags.smoke ? 20 : 200,
  args: WITHOUT_LIMITS,
})
const report = { ...(await withServer(measureRequests, WITHOUT_LIMITS)), tenants, version, start }
if (flags.json) console.log(JSON.stringify(report, null, 2))
else printReport(report)
