import { beforeAll, expect, it, test } from 'vitest'
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
