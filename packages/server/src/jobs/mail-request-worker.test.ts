import { beforeAll, beforeEach, expect, it } from 'vitest'
import { type MailedLinks, mailedLinks } from '../domain/links/testing/mailed-links'
import { requestMail } from '../domain/mail-requests/request-mail'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../testing/test-domain'
import { createMailRequestWorker } from './mail-request-worker'

describeOnEachEngine('the mail request worker', open => {
  let domain: TestDomain
  let links: MailedLinks
  let email: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    links = mailedLinks(domain)
  })
  beforeEach(async () => {
    email = await links.signUpVerified()
    domain.mails.length = 0
    domain.logged.length = 0
  })
  const request = () =>
    requestMail(domain.context, { purpose: 'magic-link', email, callbackUrl: undefined, remember: true })

  /** A worker whose timer goes off when it is told to. */
  const prepare = (context = domain.context) => {
    let due: (() => void) | undefined
    const delays: number[] = []
    let noteTimer = () => {}
    const worker = createMailRequestWorker(context, (work, delayMs) => {
      due = work
      delays.push(delayMs)
      noteTimer()
      return () => {
        due = undefined
      }
    })
    /** Runs `act`, and waits until the worker has set its next timer. */
    const untilIdle = (act: () => void) =>
      new Promise<void>(resolve => {
        noteTimer = resolve
        act()
      })
    return {
      worker,
      untilIdle,
      delays,
      isWaiting: () => due !== undefined,
      ring: () => untilIdle(() => due?.()),
    }
  }

  it('answers at its start what an earlier process left, and looks again every five seconds', async () => {
    await request()
    const { worker, untilIdle, ring, delays } = prepare()
    await untilIdle(() => worker.start())
    expect(links.tokensTo(email)).toHaveLength(1)
    await request()
    await ring()
    expect(links.tokensTo(email)).toHaveLength(2)
    expect(delays).toEqual([5000, 5000])
    await worker.stop()
  })

  it('woken, begins only a moment later, when the answer to whoever asked is on its way', async () => {
    const { worker, untilIdle, ring, delays } = prepare()
    await untilIdle(() => worker.start())
    await request()
    domain.statements.length = 0
    worker.wake()
    expect([delays.at(-1), domain.statements]).toEqual([50, []])
    await ring()
    expect(links.tokensTo(email)).toHaveLength(1)
    await worker.stop()
  })

  it('woken again and again, does not put it off', async () => {
    const { worker, untilIdle, delays } = prepare()
    await untilIdle(() => worker.start())
    for (let count = 0; count < 10; count++) worker.wake()
    expect(delays).toEqual([5000, 50])
    await worker.stop()
  })

  it('woken while it is busy, looks once more', async () => {
    const { mailer } = domain.context
    const { worker, untilIdle, ring, delays } = prepare({
      ...domain.context,
      mailer: {
        ...mailer,
        put: async (stores, mail) => {
          worker.wake()
          await mailer.put(stores, mail)
        },
      },
    })
    await request()
    await untilIdle(() => worker.start())
    expect(delays).toEqual([50])
    await ring()
    expect(delays).toEqual([50, 5000])
    await worker.stop()
  })

  it('goes on after the database was away', async () => {
    let isAway = true
    const { mailRequests } = domain.storage
    const storage = {
      ...domain.storage,
      mailRequests: Object.assign(Object.create(mailRequests), {
        listOldest: async (limit: number) => {
          if (isAway) throw new Error('no database')
          return mailRequests.listOldest(limit)
        },
      }),
    }
    const { worker, untilIdle, ring } = prepare({ ...domain.context, storage })
    await request()
    await untilIdle(() => worker.start())
    expect(domain.logged).toContainEqual(expect.objectContaining({ event: 'mail_request.round_failed' }))
    isAway = false
    await ring()
    expect(links.tokensTo(email)).toHaveLength(1)
    await worker.stop()
  })

  it('told to stop, ends what is under way, begins nothing more, and sets no timer', async () => {
    await request()
    await request()
    const { mailer } = domain.context
    let stopping: Promise<void> | undefined
    const { worker, isWaiting, delays } = prepare({
      ...domain.context,
      mailer: {
        ...mailer,
        put: async (stores, mail) => {
          stopping ??= worker.stop()
          await mailer.put(stores, mail)
        },
      },
    })
    worker.start()
    while (!stopping) await new Promise(resolve => setImmediate(resolve))
    await stopping
    expect(links.tokensTo(email)).toHaveLength(1)
    expect([isWaiting(), delays]).toEqual([false, []])
    worker.wake()
    expect(isWaiting()).toBe(false)
    const { worker: next, untilIdle } = prepare()
    await untilIdle(() => next.start())
    expect(links.tokensTo(email)).toHaveLength(2)
    await next.stop()
  })

  it('does nothing before it is started', () => {
    const { worker, isWaiting } = prepare()
    worker.wake()
    expect(isWaiting()).toBe(false)
  })
})
