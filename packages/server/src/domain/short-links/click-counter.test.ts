import { beforeAll, expect, it, test } from 'vitest'
import type { Stores } from '../../storage/storage'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { ClickCounter } from './click-counter'
import { createShortLink } from './create-short-link'
import { deleteShortLink } from './delete-short-link'
import { getShortLink } from './get-short-link'
import { openShortLink } from './open-short-link'
import type { ShortLink } from './short-link'

describeOnEachEngine('clicks', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    owner = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const create = (more: object = {}) =>
    createShortLink(domain.context, actorOf(owner), organizationId, {
      longUrl: 'https://example.com',
      ...more,
    })
  const click = ({ alias }: ShortLink) =>
    openShortLink(domain.context, alias, { counts: true }).then(
      ({ outcome }) => outcome,
      error => error.code ?? error.message,
    )
  const clicksOf = async ({ number }: ShortLink) =>
    (await getShortLink(domain.context, organizationId, number)).clicks
  const tally = (outcomes: string[]) => ({
    redirect: outcomes.filter(outcome => outcome === 'redirect').length,
    GONE: outcomes.filter(outcome => outcome === 'GONE').length,
  })

  it('5,000 at once on one link and on 250 are 5,000, in few transactions', async () => {
    const one = await create()
    const links = Array.from(
      { length: 250 },
      (_, index): ShortLink => ({
        ...one,
        number: 1_000 + index,
        alias: `many-${index}`,
      }),
    )
    await domain.engine.db.insertInto('links').values(links).execute()
    domain.statements.length = 0
    const outcomes = await Promise.all(
      Array.from({ length: 5_000 }, (_, index) =>
        domain.context.clicks.count((index % 2 ? one : links[(index / 2) % 250]) ?? one),
      ),
    )
    expect(outcomes.filter(isCounted => !isCounted)).toEqual([])
    expect(domain.statements.filter(kind => kind === 'UpdateQueryNode')).toHaveLength(251)
    expect(await clicksOf(one)).toBe(2_500)
    for (const link of links) expect(await clicksOf(link)).toBe(10)
  })

  it('100 at once on a link that takes 10 are 10, and then none', async () => {
    const link = await create({ maxClicks: 10 })
    expect(tally(await Promise.all(Array.from({ length: 100 }, () => click(link))))).toEqual({
      redirect: 10,
      GONE: 90,
    })
    expect(await click(link)).toBe('GONE')
    expect(await clicksOf(link)).toBe(10)
  })

  it('of two processes count together, and share what a link takes', async () => {
    const [free, capped] = [await create(), await create({ maxClicks: 7 })]
    const counters = [new ClickCounter(domain.storage), new ClickCounter(domain.storage)]
    const count = (link: ShortLink) =>
      Promise.all(Array.from({ length: 40 }, (_, index) => counters[index % 2]?.count(link)))
    const [all, some] = await Promise.all([count(free), count(capped)])
    expect(all.filter(Boolean)).toHaveLength(40)
    expect(some.filter(Boolean)).toHaveLength(7)
    expect([await clicksOf(free), await clicksOf(capped)]).toEqual([40, 7])
  })

  /** A counter whose statements fail for a link, so many times; the transactions are those of the database. */
  const failingCounter = (broken: ShortLink, times: number) => {
    const tried: number[][] = []
    const storage = {
      transaction: <T>(work: (stores: Stores) => Promise<T>) =>
        domain.storage.transaction(stores => {
          const numbers: number[] = []
          tried.push(numbers)
          const addClicks: Stores['links']['addClicks'] = (inOrganization, number, count) => {
            numbers.push(number)
            if (number === broken.number && times-- > 0) throw new Error('deadlock detected')
            return stores.links.addClicks(inOrganization, number, count)
          }
          return work({ ...stores, links: { addClicks } as Stores['links'] })
        }),
    }
    return { counter: new ClickCounter(storage), tried }
  }

  it('that were undone for one link among many are written again, and counted once', async () => {
    const links = [await create(), await create(), await create()]
    const { counter, tried } = failingCounter(links[2]!, 1)
    const outcomes = await Promise.all([...links, ...links].reverse().map(link => counter.count(link)))
    expect(outcomes).toEqual(Array(6).fill(true))
    const numbers = links.map(({ number }) => number)
    expect(tried).toEqual([numbers, numbers])
    expect(await Promise.all(links.map(clicksOf))).toEqual([2, 2, 2])
  })

  it('that fail for one link again and again fail for that one alone, and are counted once on the others', async () => {
    const links = [await create(), await create(), await create({ maxClicks: 1 })]
    const { counter } = failingCounter(links[1]!, 3)
    const outcomes = await Promise.allSettled([...links, ...links].map(link => counter.count(link)))
    expect(outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
      true,
      'failed',
      true,
      true,
      'failed',
      false,
    ])
    expect(await Promise.all(links.map(clicksOf))).toEqual([2, 0, 1])
    expect(await counter.count(links[1]!)).toBe(true)
  })

  it('are held in the order of organization and number, whichever comes first', async () => {
    const first = await create()
    const more = [10, 9, 100].map(number => ({
      organization_id: organizationId,
      number: first.number + number,
    }))
    const { counter, tried } = failingCounter(first, 0)
    await Promise.all([...more, first].map(link => counter.count(link)))
    expect(tried).toEqual([[0, 9, 10, 100].map(number => first.number + number)])
  })

  it('on a link that is deleted in the same moment are answered that it is gone, or were counted before', async () => {
    const link = await create()
    const [outcomes] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => click(link))),
      deleteShortLink(domain.context, actorOf(owner), organizationId, link.number),
    ])
    for (const outcome of outcomes) expect(['redirect', 'GONE', 'NOT_FOUND']).toContain(outcome)
    expect(await click(link)).toBe('NOT_FOUND')
  })

  it('of a program that only looks are none', async () => {
    const link = await create()
    expect((await openShortLink(domain.context, link.alias, { counts: false })).outcome).toBe('redirect')
    expect(await clicksOf(link)).toBe(0)
  })
})

/** A storage whose transactions end when they are told to. */
const heldStorage = () => {
  const ends: ((error?: Error) => void)[] = []
  const transactions: number[][] = []
  const storage = {
    transaction: async (work: (stores: unknown) => Promise<unknown>) => {
      const counts: number[] = []
      transactions.push(counts)
      const result = await work({
        links: {
          addClicks: async (_organizationId: string, _number: number, count: number) => {
            counts.push(count)
            return count
          },
        },
      })
      await new Promise<void>((resolve, reject) => ends.push(error => (error ? reject(error) : resolve())))
      return result
    },
  }
  return { counter: new ClickCounter(storage as never), ends, transactions }
}
const LINK = { organization_id: 'o', number: 1 }
const turn = () => new Promise(resolve => setImmediate(resolve))

test('clicks that come while others are written are written together by the next transaction, and answered after it', async () => {
  const { counter, ends, transactions } = heldStorage()
  const answered: string[] = []
  const count = (name: string) => counter.count(LINK).then(() => void answered.push(name))
  const first = count('first')
  await turn()
  const rest = ['second', 'third', 'fourth'].map(count)
  await turn()
  expect([transactions, answered]).toEqual([[[1]], []])
  ends[0]?.()
  await first
  await turn()
  expect([transactions, answered]).toEqual([[[1], [3]], ['first']])
  ends[1]?.()
  await Promise.all(rest)
  expect(answered).toEqual(['first', 'second', 'third', 'fourth'])
})

test('clicks that could not be written are told so, and the next ones are written again', async () => {
  const { counter, ends } = heldStorage()
  const failed = counter.count(LINK)
  await turn()
  ends[0]?.(new Error('disk full'))
  await expect(failed).rejects.toThrow('disk full')
  const next = counter.count(LINK)
  await turn()
  ends[1]?.()
  expect(await next).toBe(true)
})

test('clicks of which nobody knows whether they are on disk are not written again', async () => {
  const { counter, ends, transactions } = heldStorage()
  const failed = [counter.count(LINK), counter.count({ ...LINK, number: 2 })]
  const outcomes = Promise.allSettled(failed)
  await turn()
  ends[0]?.(new Error('the connection broke during the commit'))
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await turn()
  expect(transactions).toHaveLength(1)
})

test('more clicks than memory is kept for are refused, and taken again once there is room', async () => {
  const { counter, ends } = heldStorage()
  const waiting = Array.from({ length: 20_000 }, () => counter.count(LINK))
  await expect(counter.count(LINK)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    detail: { retryAfterSeconds: 1 },
  })
  await turn()
  ends[0]?.()
  expect((await Promise.all(waiting)).every(Boolean)).toBe(true)
  const next = counter.count(LINK)
  await turn()
  ends[1]?.()
  expect(await next).toBe(true)
})
