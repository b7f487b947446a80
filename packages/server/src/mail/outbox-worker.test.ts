import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../observability/logger'
import { createStorage } from '../storage/storage'
import { describeOnEachEngine } from '../testing/on-each-engine'
import type { Mail } from './mail'
import type { MailTransport } from './mail-transport'
import { NEVER_AGAIN, type OutboxSource } from './outbox-source'
import { createOutboxWorker } from './outbox-worker'
import { prepareMail } from './seal-mail'

const key = randomBytes(32)
const DAY_MS = 24 * 3_600_000

interface Row {
  readonly id: string
  sealedMail: string
  attempts: number
  nextAttemptAt: number
  readonly createdAt: number
  sentAt?: number
  error?: string
}

const mailTo = (to: string): Mail => ({ to, subject: 's', text: 'secret-token-in-the-text', html: '' })

/** An outbox in memory. `fail` makes the next call of a method reject. */
const createOutbox = () => {
  const rows: Row[] = []
  const failures = new Set<keyof OutboxSource>()
  const mayFail = (method: keyof OutboxSource) => {
    if (failures.delete(method)) throw new Error(`no database for ${method}`)
  }
  const change = (id: string, changes: Partial<Row>) =>
    Object.assign(rows.find(row => row.id === id)!, changes)
  return {
    rows,
    fail: (method: keyof OutboxSource) => failures.add(method),
    add(id: string, createdAt = 0, sealedMail = prepareMail(mailTo(`${id}@example.com`), { key, id })) {
      rows.push({ id, sealedMail, attempts: 0, nextAttemptAt: 0, createdAt })
    },
    async claimDue(now: number, limit: number, leaseMs: number) {
      mayFail('claimDue')
      const due = rows.filter(row => row.sentAt === undefined && row.nextAttemptAt <= now).slice(0, limit)
      return due.map(row => ({ ...change(row.id, { nextAttemptAt: now + leaseMs }) }))
    },
    async extendLease(id: string, until: number) {
      change(id, { nextAttemptAt: until })
    },
    async markSent(id: string, now: number) {
      mayFail('markSent')
      change(id, { sentAt: now, sealedMail: '' })
    },
    async markFailed(id: string, nextAttemptAt: number, error: string) {
      mayFail('markFailed')
      change(id, { nextAttemptAt, error, attempts: rows.find(row => row.id === id)!.attempts + 1 })
    },
  }
}

const start = (outbox: OutboxSource, deliver?: MailTransport['deliver']) => {
  const delivered: string[] = []
  const lines: string[] = []
  const clock = { now: 0 }
  let closed = 0
  const repeated = new Set<() => void>()
  let due: (() => void) | undefined
  let delayMs: number | undefined
  let noteTimer = () => {}
  const worker = createOutboxWorker({
    outbox,
    key,
    transport: {
      deliver: async (mail, id) => {
        await deliver?.(mail, id)
        delivered.push(id)
      },
      close: async () => {
        closed++
      },
    },
    logger: createLogger({ level: 'debug', stream: { write: line => lines.push(line) } }),
    clock: () => clock.now,
    random: () => 0,
    setTimer: (work, ms) => {
      due = work
      delayMs = ms
      noteTimer()
      return () => {
        due = undefined
      }
    },
    repeat: work => {
      repeated.add(work)
      return () => void repeated.delete(work)
    },
  })
  /** Runs `act`, and waits until the worker has nothing left to do but wait. */
  const untilIdle = (act: () => void) =>
    new Promise<void>(resolve => {
      noteTimer = resolve
      act()
    })
  return {
    worker,
    clock,
    delivered,
    repeated,
    untilIdle,
    poll: () => untilIdle(() => due!()),
    delayMs: () => delayMs,
    isWaiting: () => due !== undefined,
    closed: () => closed,
    log: () => lines.map(line => JSON.parse(line)),
    text: () => lines.join(''),
  }
}

describe('the outbox worker', () => {
  it('sends what waits when it starts, and looks again after five seconds', async () => {
    const outbox = createOutbox()
    for (let index = 0; index < 12; index++) outbox.add(`m${index}`)
    const { worker, untilIdle, poll, delivered, delayMs } = start(outbox)
    await untilIdle(() => worker.start())
    expect(delivered).toHaveLength(12)
    expect(outbox.rows.every(row => row.sentAt === 0 && row.sealedMail === '')).toBe(true)
    expect(delayMs()).toBe(5000)
    outbox.add('later')
    await poll()
    expect(delivered.at(-1)).toBe('later')
  })

  it('sends at once when it is woken, and not before it was started', async () => {
    const outbox = createOutbox()
    const { worker, untilIdle, delivered, isWaiting } = start(outbox)
    worker.wake()
    expect(isWaiting()).toBe(false)
    await untilIdle(() => worker.start())
    outbox.add('m')
    await untilIdle(() => worker.wake())
    expect(delivered).toEqual(['m'])
  })

  it('sends a mail that came while it was busy, without waiting for the next look', async () => {
    const outbox = createOutbox()
    outbox.add('first')
    const { worker, untilIdle, delivered } = start(outbox, async (_mail, id) => {
      if (id !== 'first') return
      outbox.add('second')
      worker.wake()
    })
    await untilIdle(() => worker.start())
    expect(delivered).toEqual(['first', 'second'])
  })

  it('tries a failed mail again later, and no other mail waits for it', async () => {
    const outbox = createOutbox()
    outbox.add('bad')
    outbox.add('good')
    const { worker, untilIdle, delivered, log } = start(outbox, async (_mail, id) => {
      if (id === 'bad') throw new Error('greylisted')
    })
    await untilIdle(() => worker.start())
    expect(delivered).toEqual(['good'])
    expect(outbox.rows[0]).toMatchObject({ attempts: 1, nextAttemptAt: 5000, error: 'greylisted' })
    expect(log()).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        event: 'mail.failed',
        outboxId: 'bad',
        attempts: 1,
        reason: 'greylisted',
      }),
    )
  })

  it('gives a mail up after three days, says so, and keeps it', async () => {
    const outbox = createOutbox()
    outbox.add('bad')
    const { worker, clock, untilIdle, poll, log } = start(outbox, async () => {
      throw new Error('no such user')
    })
    clock.now = 3 * DAY_MS
    await untilIdle(() => worker.start())
    expect(outbox.rows[0]).toMatchObject({ nextAttemptAt: NEVER_AGAIN, error: 'no such user' })
    expect(outbox.rows[0]!.sealedMail).not.toBe('')
    expect(log()).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'mail.given_up', outboxId: 'bad' }),
    )
    clock.now += 365 * DAY_MS
    await poll()
    expect(outbox.rows[0]!.attempts).toBe(1)
  })

  it('treats a mail that does not open as failed', async () => {
    const outbox = createOutbox()
    outbox.add('bad', 0, 'v1.AAAA')
    const { worker, untilIdle, delivered } = start(outbox)
    await untilIdle(() => worker.start())
    expect(delivered).toEqual([])
    expect(outbox.rows[0]!.error).toContain('cut short')
  })

  it('does not send again what was sent, though the database could not be told', async () => {
    const outbox = createOutbox()
    outbox.add('m')
    outbox.fail('markSent')
    const { worker, clock, untilIdle, poll, delivered, log } = start(outbox)
    await untilIdle(() => worker.start())
    expect(outbox.rows[0]!.sentAt).toBeUndefined()
    expect(log()).toContainEqual(expect.objectContaining({ level: 'error', event: 'mail.outbox_error' }))
    clock.now = DAY_MS
    await poll()
    expect(delivered).toEqual(['m'])
    expect(outbox.rows[0]!.sentAt).toBe(DAY_MS)
  })

  it('goes on once a database that was away is back', async () => {
    const outbox = createOutbox()
    outbox.add('m')
    outbox.fail('claimDue')
    const { worker, untilIdle, poll, delivered } = start(outbox)
    await untilIdle(() => worker.start())
    expect(delivered).toEqual([])
    await poll()
    expect(delivered).toEqual(['m'])
  })

  it('ends what is under way before it stops, and begins nothing new', async () => {
    const outbox = createOutbox()
    for (let index = 0; index < 6; index++) outbox.add(`m${index}`)
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    let underWay = 0
    const { worker, delivered, isWaiting, closed } = start(outbox, () => {
      underWay++
      return gate
    })
    worker.start()
    const stopped = worker.stop()
    worker.wake()
    expect(closed()).toBe(0)
    release()
    await stopped
    expect(delivered).toHaveLength(underWay)
    expect(outbox.rows.filter(row => row.sentAt !== undefined)).toHaveLength(underWay)
    expect(underWay).toBe(5)
    expect([isWaiting(), closed()]).toEqual([false, 1])
  })

  it('keeps a mail for as long as it takes to send, and one whose sender died goes a moment later', async () => {
    const outbox = createOutbox()
    outbox.add('m')
    const slow = start(outbox, () => new Promise(() => {}))
    slow.worker.start()
    const other = start(outbox)
    await other.untilIdle(() => other.worker.start())
    for (const now of [5_000, 10_000, 15_000, 20_000, 25_000]) {
      slow.clock.now = now
      other.clock.now = now
      for (const work of slow.repeated) work()
      await other.poll()
    }
    expect(other.delivered).toEqual([])
    other.clock.now = 40_000
    await other.poll()
    expect(other.delivered).toEqual(['m'])
    expect(other.repeated.size).toBe(0)
  })

  it('writes nothing of a mail into the log', async () => {
    const outbox = createOutbox()
    outbox.add('m')
    const { worker, untilIdle, text } = start(outbox, async mail => {
      throw new Error(`554 spam: https://auth.example.com/?token=abc ${mail.text}`)
    })
    await untilIdle(() => worker.start())
    expect(text()).toContain('554 spam')
    expect(text()).not.toContain('secret-token')
    expect(text()).not.toContain('token=abc')
    expect(outbox.rows[0]!.error).not.toContain('secret-token')
  })
})

describeOnEachEngine('two workers on one database', open => {
  it('never send one mail twice', async () => {
    const engine = await open()
    const { outbox } = createStorage(engine)
    const ids = Array.from({ length: 40 }, (_, index) => `m${index}`)
    for (const id of ids) {
      const sealed_mail = prepareMail(mailTo('a@example.com'), { key, id })
      const row = { attempts: 0, sent_at: null, last_error: null, created_at: 0, next_attempt_at: 0 }
      await outbox.insert({ ...row, id, sealed_mail })
    }
    const workers = [start(outbox), start(outbox), start(outbox)]
    await Promise.all(workers.map(({ worker, untilIdle }) => untilIdle(() => worker.start())))
    expect(workers.flatMap(({ delivered }) => delivered).sort()).toEqual(ids.sort())
    await Promise.all(workers.map(({ worker }) => worker.stop()))
  })
})
