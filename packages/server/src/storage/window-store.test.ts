import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachDatabase } from '../testing/on-each-engine'
import type { StorageEngine } from './engine'
import { openEngine } from './open-engine'
import type { WindowStore } from './window-store'

describeOnEachDatabase('windows that several processes count in', createDatabase => {
  let engines: StorageEngine[]
  let one: WindowStore
  let other: WindowStore

  beforeAll(async () => {
    const database = await createDatabase()
    engines = await Promise.all([openEngine({ database }), openEngine({ database })])
    await engines[0]!.migrate()
    await engines[0]!.windows!.join()
    const joining = engines[1]!.windows!.join()
    while (!engines[0]!.windows!.isShared) {
      await nextTurn()
      engines[0]!.windows!.look(() => [])
    }
    expect(await joining).toBe(true)
    one = engines[0]!.windows!.store
    other = engines[1]!.windows!.store
  })
  afterAll(async () => {
    for (const engine of engines) await engine.close()
  })

  const window = (used: number, startedAt = 1_800_000_000_000) => ({
    startedAt,
    used,
    endsAt: startedAt + 1000,
  })

  it('are found as they were written, by each process', async () => {
    expect(await one.find('a')).toBeUndefined()
    expect(await one.swap('a', undefined, window(1))).toBe(true)
    expect(await other.find('a')).toEqual(window(1))
    expect(await other.swap('a', window(1), window(7, 5))).toBe(true)
    expect(await one.find('a')).toEqual(window(7, 5))
  })

  it('change only as they were expected to be', async () => {
    expect(await one.swap('b', undefined, window(1))).toBe(true)
    expect(await other.swap('b', undefined, window(9))).toBe(false)
    expect(await other.swap('b', window(2), window(9))).toBe(false)
    expect(await other.swap('b', window(1, 3), window(9))).toBe(false)
    expect(await one.find('b')).toEqual(window(1))
    expect(await other.swap('b', window(1), window(2))).toBe(true)
    expect(await one.find('b')).toEqual(window(2))
  })

  it('that were swept meanwhile begin with what was known of them', async () => {
    expect(await one.swap('c', window(3), window(4))).toBe(true)
    expect(await other.find('c')).toEqual(window(4))
  })

  it('let one of many through that expect the same', async () => {
    const swaps = Array.from({ length: 40 }, (_, at) =>
      (at % 2 ? one : other).swap('d', undefined, window(at)),
    )
    expect((await Promise.all(swaps)).filter(Boolean)).toHaveLength(1)
  })

  it('are removed once they have ended', async () => {
    await one.swap('short', undefined, { startedAt: 0, used: 1, endsAt: 10 })
    await one.swap('long', undefined, { startedAt: 0, used: 1, endsAt: 11 })
    await other.deleteEnded(11)
    expect(await one.find('short')).toBeUndefined()
    expect(await one.find('long')).toBeDefined()
  })
})
