import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildWritingProcess } from '../testing/build-writing-process'
import { describeOnEachDatabase } from '../testing/on-each-engine'
import { openEngine } from './open-engine'

let script: Awaited<ReturnType<typeof buildWritingProcess>>

beforeAll(async () => {
  script = await buildWritingProcess()
})
afterAll(() => script.remove())

describeOnEachDatabase('several processes on one database', createDatabase => {
  it('all start at once on an empty database and lose no write', async () => {
    const database = await createDatabase()
    const ends = await Promise.all(['a', 'b', 'c'].map(prefix => end(write(database, prefix, 20))))
    expect(ends).toEqual(Array(3).fill({ code: 0, complaints: '' }))
    expect(await readIds(database)).toHaveLength(60)
  })

  it('an answered write survives kill -9', async () => {
    const database = await createDatabase()
    const process = write(database, 'a', 1_000_000)
    const acknowledged: string[] = []
    const lines = createInterface({ input: process.stdout! })
    for await (const line of lines) {
      acknowledged.push(line)
      if (acknowledged.length === 30) process.kill('SIGKILL')
    }
    const kept = await readIds(database)
    expect(acknowledged.length).toBeGreaterThanOrEqual(30)
    expect(acknowledged.filter(id => !kept.includes(id))).toEqual([])
  })
})

function write(database: string, prefix: string, count: number): ChildProcess {
  return spawn(process.execPath, [script.path, database, prefix, String(count)])
}

async function end(child: ChildProcess): Promise<{ code: unknown; complaints: string }> {
  let complaints = ''
  child.stdout!.resume()
  child.stderr!.on('data', text => {
    complaints += text
  })
  const [code] = await once(child, 'close')
  return { code, complaints }
}

async function readIds(database: string): Promise<string[]> {
  const engine = await openEngine({ database })
  const rows = await engine.db.selectFrom('organizations').select('id').execute()
  await engine.close()
  return rows.map(({ id }) => id)
}
