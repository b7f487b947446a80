import { expect, test } from 'vitest'
import { apiPromise } from './api-promise'
import type { ResponseInfo } from './client-types'

const response: ResponseInfo = { status: 200, headers: {}, requestId: undefined, message: 'm' }
const answered = () => apiPromise(Promise.resolve({ data: 7, response }))
const rejected = () => apiPromise<number>(Promise.reject(new Error('no')))

test('is a promise of the data', async () => {
  expect(answered()).toBeInstanceOf(Promise)
  expect(await answered()).toBe(7)
  expect(await Promise.all([answered(), 8])).toEqual([7, 8])
  expect(await answered().then(data => data + 1)).toBe(8)
  expect(await answered().finally(() => {})).toBe(7)
})

test('gives the whole answer on demand', async () => {
  expect(await answered().withResponse()).toEqual({ data: 7, response })
})

test('rejects as its answer does', async () => {
  await expect(rejected()).rejects.toThrow('no')
  await expect(rejected().withResponse()).rejects.toThrow('no')
  expect(await rejected().catch((error: Error) => error.message)).toBe('no')
  await expect(rejected().finally(() => {})).rejects.toThrow('no')
})

test('one that is read by withResponse alone leaves no unhandled rejection', async () => {
  const promise = rejected()
  await promise.withResponse().catch(() => {})
  // The runner fails on an unhandled rejection, which comes before the next turn of the event loop.
  await new Promise(resolve => setImmediate(resolve))
})
