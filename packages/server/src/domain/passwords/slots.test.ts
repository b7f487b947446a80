import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSlots } from './slots'

/** Work that ends when it is told to, and how much of it runs. */
const createWork = () => {
  const ends: (() => void)[] = []
  const counts = { running: 0, most: 0, started: [] as number[] }
  const work = (id: number) => async () => {
    counts.started.push(id)
    counts.most = Math.max(counts.most, ++counts.running)
    await new Promise<void>(resolve => ends.push(resolve))
    counts.running--
    return id
  }
  const endOne = async () => {
    ends.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  return { work, counts, endOne }
}

describe('slots', () => {
  it('never run more at once than they are, run all in order, and refuse what has no place to wait', async () => {
    const sizes = fc.record({
      concurrency: fc.integer({ min: 1, max: 4 }),
      queue: fc.nat(5),
      count: fc.nat(20),
    })
    await fc.assert(
      fc.asyncProperty(sizes, async ({ concurrency, queue, count }) => {
        const { work, counts, endOne } = createWork()
        const inSlot = createSlots(concurrency, queue)
        const results = Array.from({ length: count }, (_, id) => inSlot(work(id)).catch(error => error.code))
        for (let round = 0; round < count + 1; round++) await endOne()
        const accepted = Math.min(count, concurrency + queue)
        const ids = Array.from({ length: accepted }, (_, id) => id)
        expect(await Promise.all(results)).toEqual([
          ...ids,
          ...Array(count - accepted).fill('SERVICE_UNAVAILABLE'),
        ])
        expect(counts.started).toEqual(ids)
        expect(counts.most).toBe(Math.min(count, concurrency))
      }),
    )
  })

  it('say when to come back', async () => {
    const { work, endOne } = createWork()
    const inSlot = createSlots(1, 0)
    const first = inSlot(work(1))
    await expect(inSlot(work(2))).rejects.toMatchObject({ detail: { retryAfterSeconds: 2 } })
    await endOne()
    expect(await first).toBe(1)
  })

  it('are free again after work that failed', async () => {
    const inSlot = createSlots(1, 1)
    const fail = () => inSlot(() => Promise.reject(new Error('no memory')))
    const results = await Promise.allSettled([fail(), inSlot(async () => 'waited')])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await inSlot(async () => 'later')).toBe('later')
  })
})
