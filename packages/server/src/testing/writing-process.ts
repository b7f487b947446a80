import { openEngine } from '../storage/open-engine'
import { organizationRow } from './rows'

// Run as a process of its own by tests: `node writing-process.js <database> <prefix> <count>` brings the database up to
// date, inserts that many organizations, and writes a line for each that was committed.
const [database = '', prefix = '', count = '0'] = process.argv.slice(2)

const engine = await openEngine({ database })
await engine.migrate()
for (let index = 0; index < Number(count); index += 1) {
  const id = `${prefix}${index}`
  await engine.transaction(trx =>
    trx.insertInto('organizations').values(organizationRow(id)).executeTakeFirstOrThrow(),
  )
  process.stdout.write(`${id}\n`)
}
await engine.close()
