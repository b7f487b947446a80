import { expect, it } from 'vitest'
import { WriteLock } from './sqlite-write-lock'

it('lets its holders through one at a time, in the order they came', async () => {
  const lock = new WriteLock(10_000)
  const order: string[] = []
  const hold = async (name: string) => {
    await lock.acquire()
    order.push(`${name} in`)
    await Promise.resolve()
    order.push(`${name} out`)
    lock.release()
  }
  await Promise.all(['a', 'b', 'c'].map(hold))
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
})

it('refuses who has waited too long, and is free for the next one all the same', async () => {
  const lock = new WriteLock(1)
  await lock.acquire()
  await expect(lock.acquire()).rejects.toThrow('longer than 1 ms')
  lock.release()
  await expect(lock.acquire()).resolves.toBeUndefined()
})
