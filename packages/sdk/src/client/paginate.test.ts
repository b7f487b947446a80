import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ResponseInfo } from './client-types'
import { listPromise } from './paginate'

const response: ResponseInfo = { status: 200, headers: {}, requestId: 'req_1', message: undefined }

/** A list of `total` numbers in pages of `limit`, and the offsets that were asked for. */
const numbers = (total: number, limit: number) => {
  const asked: (number | undefined)[] = []
  const list = listPromise<number>(async offset => {
    asked.push(offset)
    const from = offset ?? 0
    const data = Array.from(
      { length: Math.max(0, Math.min(limit, total - from)) },
      (_, index) => from + index,
    )
    return { data: { data, meta: { total, offset: from, limit, hasMore: from + limit < total } }, response }
  })
  return { list, asked }
}

const take = async <T>(items: AsyncIterable<T>, atMost = Number.POSITIVE_INFINITY): Promise<T[]> => {
  const taken: T[] = []
  for await (const item of items) {
    taken.push(item)
    if (taken.length >= atMost) break
  }
  return taken
}

describe('a list', () => {
  test('asks for nothing until it is used', async () => {
    const { list, asked } = numbers(3, 2)
    list.pages()
    list[Symbol.asyncIterator]()
    await Promise.resolve()
    expect(asked).toEqual([])
  })

  test('awaited, gives one page, asked for once', async () => {
    const { list, asked } = numbers(3, 2)
    expect(await list).toEqual({ data: [0, 1], meta: { total: 3, offset: 0, limit: 2, hasMore: true } })
    const again = await list.withResponse()
    expect(again).toEqual({ data: await list, response })
    expect(asked).toEqual([undefined])
  })

  test('iterated, gives every item and asks for a page when it is needed', async () => {
    const { list, asked } = numbers(5, 2)
    expect(await take(list, 2)).toEqual([0, 1])
    expect(asked).toEqual([undefined])
    expect(await take(list)).toEqual([0, 1, 2, 3, 4])
    expect(asked).toEqual([undefined, undefined, 2, 4])
  })

  test('page by page, stops where the loop stops', async () => {
    const { list, asked } = numbers(6, 2)
    expect((await take(list.pages(), 2)).map(page => page.data)).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(asked).toEqual([undefined, 2])
  })

  test('goes on where the server says that the page began', async () => {
    const asked: (number | undefined)[] = []
    const list = listPromise<string>(async offset => {
      asked.push(offset)
      const meta = { total: 43, offset: offset ?? 40, limit: 2, hasMore: offset === undefined }
      return { data: { data: ['x', 'y'], meta }, response }
    })
    await take(list)
    expect(asked).toEqual([undefined, 42])
  })

  test('ends on an empty page that promises more', async () => {
    let asked = 0
    const list = listPromise<string>(async () => {
      asked++
      return { data: { data: [], meta: { total: 9, offset: 0, limit: 2, hasMore: true } }, response }
    })
    expect(await take(list)).toEqual([])
    expect(asked).toBe(1)
  })

  test('fails where its page fails, awaited or iterated', async () => {
    const list = listPromise<string>(async () => {
      throw new Error('gone')
    })
    await expect(list).rejects.toThrow('gone')
    await expect(take(list)).rejects.toThrow('gone')
    expect(await list.then(undefined, () => 'handled')).toBe('handled')
  })

  test('gives every item once and in order, whatever its length and the pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 25 }), async (total, limit) => {
        const { list, asked } = numbers(total, limit)
        expect(await take(list)).toEqual(Array.from({ length: total }, (_, index) => index))
        expect(asked).toHaveLength(Math.max(1, Math.ceil(total / limit)))
      }),
    )
  })
})
