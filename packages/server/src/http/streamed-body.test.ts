import { expect, test } from 'vitest'
import { DomainError } from '../domain/domain-error'
import { TextStream } from './request-context'
import { fakeWalk } from './testing/fake-walk'
import type { StreamedBody } from './wire'

const textStream = (open: () => Promise<AsyncIterable<string>>) =>
  new TextStream('text/csv; charset=utf-8', 'log.csv', open)
async function* lines() {
  yield 'a\n'
  yield 'b\n'
}
async function* broken() {
  yield 'a\n'
  throw new Error('the database is away')
}

const walkWith = (open: () => Promise<AsyncIterable<string>>) => {
  const walk = fakeWalk()
  walk.route(() => textStream(open), { stream: true })
  const requestLines = () => walk.logged.filter(({ event }) => event === 'request')
  return { ...walk, requestLines }
}

test('a stream is logged once, when it has ended', async () => {
  const { send, requestLines } = walkWith(async () => lines())
  const { status, headers, body } = await send()
  const { chunks, ended } = body as StreamedBody
  expect([status, headers['Content-Type'], headers['Content-Disposition']]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename="log.csv"',
  ])
  const sent: string[] = []
  for await (const chunk of chunks) sent.push(chunk)
  expect([sent, requestLines()]).toEqual([['a\n', 'b\n'], []])
  ended(true)
  expect(requestLines()).toMatchObject([{ route: '/thing', status: 200, stream: 'sent' }])
})

test('a stream whose client went says so', async () => {
  const { send, requestLines } = walkWith(async () => lines())
  const { chunks, ended } = (await send()).body as StreamedBody
  for await (const _chunk of chunks) break
  ended(false)
  expect(requestLines()).toMatchObject([{ status: 200, stream: 'client_gone' }])
})

test('a stream that cannot go on is logged as failed, with its cause', async () => {
  const { send, logged, requestLines } = walkWith(async () => broken())
  const { chunks, ended } = (await send()).body as StreamedBody
  await expect(
    (async () => {
      for await (const _chunk of chunks);
    })(),
  ).rejects.toThrow('the database is away')
  ended(false)
  expect(requestLines()).toMatchObject([{ stream: 'failed' }])
  expect(logged).toContainEqual(
    expect.objectContaining({ event: 'request.failed', err: new Error('the database is away') }),
  )
})

test('a stream that cannot begin is an error like any other, and HEAD begins none', async () => {
  let begun = 0
  const { send } = walkWith(async () => {
    begun++
    throw new DomainError('SERVICE_UNAVAILABLE')
  })
  expect(await send()).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } })
  expect(begun).toBe(1)
  const head = await send({ method: 'HEAD' })
  expect([head.status, begun]).toEqual([200, 1])
})
