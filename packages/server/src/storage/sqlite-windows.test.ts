import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteEngine } from './sqlite-engine'
import { StorageError } from './storage-error'
import type { StoredWindow } from './window-store'

type Engine = Awaited<ReturnType<typeof openSqliteEngine>>

const NOTHING = (): [string, StoredWindow][] => []
const WINDOW = { startedAt: 1000, used: 3, endsAt: 61_000 }

let folder: string
let path: string
let engines: Engine[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snoop-test-'))
  path = join(folder, 'snoop.db')
  engines = []
})
afterEach(async () => {
  for (const engine of engines) await engine.close()
  rmSync(folder, { recursive: true })
})

const open = async (file = path) => {
  const engine = await openSqliteEngine(file)
  engines.push(engine)
  return engine.windows!
}

const joinAlone = async () => {
  const windows = await open()
  expect(await windows.join()).toBe(true)
  return windows
}

const sideFiles = () =>
  readdirSync(folder)
    .filter(name => name.startsWith('snoop.db-limits'))
    .sort()

describe('a process that is alone on its database', () => {
  it('counts alone, also after another has come and gone before it', async () => {
    const first = await joinAlone()
    first.look(NOTHING)
    expect(first.isShared).toBe(false)
    await engines.pop()!.close()
    const second = await joinAlone()
    second.look(NOTHING)
    expect(second.isShared).toBe(false)
  })

  it('is not disturbed by programs that only work on the database', async () => {
    const windows = await joinAlone()
    const program = await openSqliteEngine(path)
    await program.ping()
    await program.close()
    windows.look(NOTHING)
    expect(windows.isShared).toBe(false)
  })

  it('leaves no lock behind, and files for their owner alone', async () => {
    await joinAlone()
    expect(sideFiles()).toHaveLength(4)
    for (const file of sideFiles()) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    await engines.pop()!.close()
    expect(sideFiles().filter(name => /-[0-9a-f]{16}/.test(name))).toEqual([])
  })

  it('begins anew where a crash has damaged the side file', async () => {
    writeFileSync(`${path}-limits`, 'not a database'.repeat(1000))
    writeFileSync(`${path}-limits-0123456789abcdef`, '')
    await joinAlone()
    expect(sideFiles()).toHaveLength(4)
    expect(sideFiles()).not.toContain('snoop.db-limits-0123456789abcdef')
  })

  it('in memory has nobody to count with', async () => {
    expect((await openSqliteEngine(':memory:')).windows).toBeUndefined()
  })
})

describe('a second process', () => {
  it('waits until the first has handed over what it counted alone', async () => {
    const first = await joinAlone()
    const second = await open()
    let joined: boolean | undefined
    const joining = second.join().then(answer => {
      joined = answer
    })
    for (let turn = 0; turn < 50; turn++) await nextTurn()
    expect(joined).toBeUndefined()
    first.look(() => [['key', WINDOW]])
    expect(first.isShared).toBe(true)
    await joining
    expect(joined).toBe(true)
    expect(second.isShared).toBe(true)
    expect(await second.store.find('key')).toEqual(WINDOW)
  })

  it('is found by another name of the file, too', async () => {
    const first = await joinAlone()
    const link = join(folder, 'link.db')
    symlinkSync(path, link)
    const second = await open(link)
    const joining = second.join()
    while (!first.isShared) {
      await nextTurn()
      first.look(NOTHING)
    }
    expect(await joining).toBe(true)
  })

  it('does not wait for those who share already', async () => {
    const first = await joinAlone()
    const joining = (await open()).join()
    while (!first.isShared) {
      await nextTurn()
      first.look(NOTHING)
    }
    await joining
    const third = await open()
    expect(await third.join()).toBe(true)
    expect(third.isShared).toBe(true)
  })

  it('goes on without one that does not answer, and both counts are of one window in the end', async () => {
    const first = await joinAlone()
    const second = await open()
    expect(await second.join(20)).toBe(false)
    await second.store.swap('key', undefined, WINDOW)
    first.look(() => [['key', WINDOW]])
    expect(await first.store.find('key')).toEqual({ ...WINDOW, used: 6 })
  })

  it('does not wait for one that ends meanwhile', async () => {
    await joinAlone()
    const [first] = engines
    const joining = (await open()).join()
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    engines.shift()
    await first!.close()
    expect(await joining).toBe(true)
  })

  it('that starts at the same time shares too', async () => {
    const all = await Promise.all([open(), open(), open()])
    const joining = Promise.all(all.map(windows => windows.join()))
    for (let isDone = false; !isDone; ) {
      await nextTurn()
      const joined = await Promise.race([joining, nextTurn(undefined)])
      isDone = joined !== undefined
      for (const windows of all) if (statSync(path).size > 0) lookIfJoined(windows)
    }
    expect(all.map(({ isShared }) => isShared)).toEqual([true, true, true])
  })
})

const lookIfJoined = (windows: { look(list: typeof NOTHING): void }) => {
  try {
    windows.look(NOTHING)
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
  }
}

/** Another program that holds a lock as a process does, until it is killed. */
const HOLDER = `
  const { DatabaseSync } = await import(process.argv[2])
  const connection = new DatabaseSync(process.argv[1])
  connection.exec('begin exclusive')
  console.log('held')
  setInterval(() => connection.exec('select 1'), 1000)
`

it('one that was killed hinders nobody', async () => {
  const file = `${path}-limits-00000000000000aa`
  writeFileSync(file, '')
  const binding = process.getBuiltinModule('node:sqlite')
    ? 'node:sqlite'
    : import.meta.resolve('@photostructure/sqlite')
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, file, binding])
  await once(holder.stdout, 'data')
  const seeing = await open()
  expect(await seeing.join()).toBe(true)
  expect(seeing.isShared).toBe(true)
  await engines.pop()!.close()
  holder.kill('SIGKILL')
  await once(holder, 'close')
  const alone = await joinAlone()
  expect(alone.isShared).toBe(false)
  expect(sideFiles()).not.toContain('snoop.db-limits-00000000000000aa')
})
