import { beforeAll, beforeEach, expect, it } from 'vitest'
import { CaptureError } from '../domain/screenshots/capture-error'
import type { Photographer, ScreenshotRequest } from '../domain/screenshots/photographer'
import type { ScreenshotRow } from '../storage/stores/screenshot-store'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../testing/test-domain'
import { createScreenshotWorker } from './screenshot-worker'

const PNG = Buffer.from('a picture')

describeOnEachEngine('the screenshot worker', open => {
  let domain: TestDomain
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    await domain.engine.db.deleteFrom('organizations').execute()
    const user = await domain.signUp()
    organizationId = await domain.foundOrganization({ [user.userId]: 'owner' })
    domain.logged.length = 0
    await domain.storage.websites.insert({
      organization_id: organizationId,
      number: 1,
      name: 'Site',
      url: 'https://example.com/',
      viewport_width: 800,
      viewport_height: 600,
      full_page: 1,
      status: 'active',
      last_screenshot_at: null,
      created_at: domain.now(),
      updated_at: domain.now(),
    })
  })

  const ask = async (row: Partial<ScreenshotRow> = {}) => {
    const id = domain.context.newId()
    await domain.storage.screenshots.insert({
      organization_id: organizationId,
      id,
      website_number: 1,
      status: 'queued',
      error: null,
      attempts: 0,
      next_attempt_at: domain.now(),
      image_base64: null,
      created_at: domain.now(),
      finished_at: null,
      ...row,
    })
    return id
  }
  const stateOf = (id: string) => domain.storage.screenshots.findWhole(organizationId, id)

  /** A photographer that does as `answer` says, until it is closed. */
  const hire = (answer: () => Promise<Buffer>) => {
    const requests: ScreenshotRequest[] = []
    let giveUp = () => {}
    const closed = new Promise<never>((_resolve, reject) => {
      giveUp = () => reject(new CaptureError('crash', 'closed'))
    })
    closed.catch(() => {})
    const photographer: Photographer = {
      takeScreenshot: request => {
        requests.push(request)
        return Promise.race([answer(), closed])
      },
      close: async () => giveUp(),
    }
    return { photographer, requests }
  }

  /** A worker whose timer goes off when it is told to. */
  const prepare = (answer: () => Promise<Buffer>) => {
    const { photographer, requests } = hire(answer)
    let due: (() => void) | undefined
    const delays: number[] = []
    let noteTimer = () => {}
    const worker = createScreenshotWorker(domain.context, photographer, (work, delayMs) => {
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
      requests,
      delays,
      untilIdle,
      isWaiting: () => due !== undefined,
      ring: () => untilIdle(() => due?.()),
    }
  }
  const crash = async () => {
    throw new CaptureError('crash', 'The browser failed', { cause: new Error('gone') })
  }

  it('takes what is due as the website says, and notes when', async () => {
    const id = await ask()
    const { worker, untilIdle, requests, delays } = prepare(async () => PNG)
    await untilIdle(() => worker.start())
    expect(requests).toEqual([
      { url: 'https://example.com/', viewportWidth: 800, viewportHeight: 600, fullPage: true },
    ])
    expect(await stateOf(id)).toMatchObject({
      status: 'done',
      image_base64: PNG.toString('base64'),
      finished_at: domain.now(),
    })
    expect(await domain.storage.websites.find(organizationId, 1)).toMatchObject({
      last_screenshot_at: domain.now(),
    })
    expect(delays).toEqual([5000])
    await worker.stop()
  })

  it('woken, begins at once; woken while it is busy, looks once more', async () => {
    let isFirst = true
    const { worker, untilIdle, requests } = prepare(async () => {
      if (isFirst) {
        await ask()
        worker.wake()
      }
      isFirst = false
      return PNG
    })
    await untilIdle(() => worker.start())
    await ask()
    await untilIdle(() => worker.wake())
    expect(requests).toHaveLength(2)
    await worker.stop()
  })

  it('what the page or its address is to blame for is not tried again, and says why', async () => {
    for (const fault of ['refused', 'page'] as const) {
      const id = await ask()
      const { worker, untilIdle, ring, requests } = prepare(async () => {
        throw new CaptureError(fault, 'This is why')
      })
      await untilIdle(() => worker.start())
      domain.advance(600_000)
      await ring()
      expect(requests).toHaveLength(1)
      expect(await stateOf(id)).toMatchObject({ status: 'failed', error: 'This is why', image_base64: null })
      await worker.stop()
    }
    expect(await domain.storage.websites.find(organizationId, 1)).toMatchObject({ last_screenshot_at: null })
  })

  it('a browser that fails is tried three times in all, some seconds apart', async () => {
    const id = await ask()
    const { worker, untilIdle, ring, requests } = prepare(crash)
    await untilIdle(() => worker.start())
    await ring()
    expect(requests).toHaveLength(1)
    for (const count of [2, 3, 3]) {
      domain.advance(5_000)
      await ring()
      expect(requests).toHaveLength(count)
    }
    expect(await stateOf(id)).toMatchObject({ status: 'failed', error: 'The browser failed', attempts: 3 })
    const events = domain.logged.map(({ event }) => event)
    expect(events).toEqual(['screenshot.crashed', 'screenshot.crashed', 'screenshot.given_up'])
    await worker.stop()
  })

  it('what ends the process each time is given up', async () => {
    const id = await ask({ status: 'running', attempts: 3 })
    const { worker, untilIdle, requests } = prepare(async () => PNG)
    await untilIdle(() => worker.start())
    expect(requests).toEqual([])
    expect(await stateOf(id)).toMatchObject({ status: 'failed', error: 'The browser failed again and again' })
    await worker.stop()
  })

  it('two workers never take the same one', async () => {
    for (let count = 0; count < 8; count++) await ask()
    let taken = 0
    const slowly = async () => {
      taken++
      await new Promise(resolve => setImmediate(resolve))
      return PNG
    }
    const workers = [prepare(slowly), prepare(slowly)]
    await Promise.all(workers.map(({ worker, untilIdle }) => untilIdle(() => worker.start())))
    expect(taken).toBe(8)
    await Promise.all(workers.map(({ worker }) => worker.stop()))
  })

  it('of a worker that died another takes over when the lease is over, and what the dead one brings then is dropped', async () => {
    const id = await ask()
    let bring = (_png: Buffer) => {}
    const dead = prepare(
      () =>
        new Promise(resolve => {
          bring = resolve
        }),
    )
    const deadIsDone = dead.untilIdle(() => dead.worker.start())
    while (dead.requests.length === 0) await new Promise(resolve => setImmediate(resolve))
    const other = prepare(async () => PNG)
    await other.untilIdle(() => other.worker.start())
    domain.advance(89_999)
    await other.ring()
    expect(other.requests).toEqual([])
    domain.advance(1)
    await other.ring()
    expect(other.requests).toHaveLength(1)
    bring(Buffer.from('too late'))
    await deadIsDone
    expect(await stateOf(id)).toMatchObject({
      status: 'done',
      attempts: 2,
      image_base64: PNG.toString('base64'),
    })
    expect(domain.logged.map(({ event }) => event)).toEqual(['screenshot.taken'])
    await Promise.all([dead, other].map(({ worker }) => worker.stop()))
  })

  it('told to stop, puts what is under way back, and begins nothing more', async () => {
    const ids = [await ask(), await ask()]
    const { worker, requests, isWaiting } = prepare(() => new Promise(() => {}))
    worker.start()
    while (requests.length === 0) await new Promise(resolve => setImmediate(resolve))
    await worker.stop()
    worker.wake()
    expect([isWaiting(), requests.length]).toEqual([false, 1])
    for (const id of ids) expect(await stateOf(id)).toMatchObject({ status: 'queued', error: null })
    const next = prepare(async () => PNG)
    await next.untilIdle(() => next.worker.start())
    for (const id of ids) expect(await stateOf(id)).toMatchObject({ status: 'done' })
    await next.worker.stop()
  })

  it.each([
    ['taken', async () => PNG],
    ['failed', () => Promise.reject(new CaptureError('page', 'away'))],
    ['crashed', crash],
  ])(
    'a website that is deleted meanwhile takes its screenshot along: none is said to be %s',
    async (_what, end) => {
      const id = await ask()
      const { worker, untilIdle } = prepare(async () => {
        await domain.storage.websites.delete(organizationId, 1)
        return end()
      })
      await untilIdle(() => worker.start())
      expect(await stateOf(id)).toBeUndefined()
      expect(domain.logged).toEqual([])
      await worker.stop()
    },
  )

  it('goes on after the database was away', async () => {
    const id = await ask()
    let isAway = true
    const { screenshots } = domain.storage
    const storage = {
      ...domain.storage,
      screenshots: Object.assign(Object.create(screenshots), {
        claimNext: async (now: number, until: number) => {
          if (isAway) throw new Error('no database')
          return screenshots.claimNext(now, until)
        },
      }),
    }
    let due = () => {}
    let noteTimer = () => {}
    const { photographer } = hire(async () => PNG)
    const worker = createScreenshotWorker({ ...domain.context, storage }, photographer, work => {
      due = work
      noteTimer()
      return () => {}
    })
    const untilIdle = (act: () => void) =>
      new Promise<void>(resolve => {
        noteTimer = resolve
        act()
      })
    await untilIdle(() => worker.start())
    expect(domain.logged).toContainEqual(expect.objectContaining({ event: 'screenshot.round_failed' }))
    isAway = false
    await untilIdle(() => due())
    expect(await stateOf(id)).toMatchObject({ status: 'done' })
    await worker.stop()
  })
})
