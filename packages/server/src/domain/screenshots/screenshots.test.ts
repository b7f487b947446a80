import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ScreenshotStatusRow } from '../../storage/stores/screenshot-store'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { createPaymentKit, type PaymentKit } from '../payments/testing/payment-kit'
import { createWebsite } from '../websites/create-website'
import { deleteWebsite } from '../websites/delete-website'
import { getWebsite } from '../websites/get-website'
import { downloadScreenshot } from './download-screenshot'
import { failScreenshot, finishScreenshot } from './end-screenshot'
import { getScreenshot } from './get-screenshot'
import { listScreenshots } from './list-screenshots'
import { MAX_PENDING_SCREENSHOTS, requestScreenshot } from './request-screenshot'

const LEASE_MS = 60_000
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255])
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'OK',
    error => `${error.code}: ${error.message}`,
  )

describeOnEachEngine('screenshots', open => {
  let domain: TestDomain
  let kit: PaymentKit
  let site: number
  beforeAll(async () => {
    domain = createTestDomain(await open(), { takesScreenshots: true })
  })
  beforeEach(async () => {
    await domain.engine.db.deleteFrom('screenshots').execute()
    kit = await createPaymentKit(domain)
    site = await addSite()
  })
  const addSite = async (status: 'active' | 'paused' = 'active', of = kit) => {
    const viewport = { viewportWidth: 1920, viewportHeight: 1080, isFullPage: false }
    const details = { name: 'Home', url: 'https://example.com', status, ...viewport }
    return (await createWebsite(domain.context, of.actor, of.organizationId, details)).number
  }
  const request = (website = site, context = domain.context) =>
    requestScreenshot(context, kit.actor, kit.organizationId, website)
  const find = (id: string) => getScreenshot(domain.context, kit.organizationId, id)
  const download = (id: string) => downloadScreenshot(domain.context, kit.organizationId, id)
  const list = async (website?: number) => {
    const page = { offset: 0, limit: 100 }
    return (await listScreenshots(domain.context, kit.organizationId, page, website)).items
  }
  const claim = async (): Promise<ScreenshotStatusRow> => {
    const now = domain.now()
    const claimed = await domain.storage.screenshots.claimNext(now, now + LEASE_MS)
    if (!claimed) throw new Error('nothing is due')
    return claimed
  }
  const finish = (claimed: ScreenshotStatusRow) => finishScreenshot(domain.context, claimed, PNG)

  it('wait to be taken, are taken, and are downloaded as they were taken', async () => {
    const id = await request()
    expect(await find(id)).toMatchObject({ id, website_number: site, status: 'queued', attempts: 0 })
    expect(await codeOf(download(id))).toMatch(/^CONFLICT: .*not been taken yet/)
    const claimed = await claim()
    expect(claimed).toMatchObject({ id, status: 'running', attempts: 1 })
    expect(await codeOf(download(id))).toMatch(/^CONFLICT: .*not been taken yet/)
    domain.advance(1500)
    expect(await finish(claimed)).toBe(true)
    expect(await find(id)).toMatchObject({ status: 'done', error: null, finished_at: domain.now() })
    expect(await download(id)).toEqual(PNG)
    const website = await getWebsite(domain.context, kit.organizationId, site)
    expect(website.last_screenshot_at).toBe(domain.now())
    expect(await kit.acts()).toContain('screenshot.requested session')
  })

  it('are begun at once: the queue is looked at when they are in it, and not if they are refused', async () => {
    const seen: unknown[] = []
    const wakeScreenshots = () => void seen.push(list())
    const context = { ...domain.context, wakeScreenshots }
    const id = await request(site, context)
    await codeOf(request(9, context))
    expect(await Promise.all(seen)).toMatchObject([[{ id }]])
  })

  it('say why there is none', async () => {
    const id = await request()
    await failScreenshot(domain.context, await claim(), 'example.com has no address')
    expect(await find(id)).toMatchObject({ status: 'failed', error: 'example.com has no address' })
    expect(await codeOf(download(id))).toBe('CONFLICT: This screenshot failed: example.com has no address')
  })

  it('are refused for what is not there, paused, or not to be had on this server', async () => {
    expect(await codeOf(request(9))).toMatch(/^NOT_FOUND/)
    expect(await codeOf(request(await addSite('paused')))).toMatch(/^CONFLICT: .*paused/)
    const settings = { ...domain.context.settings, takesScreenshots: false }
    expect(await codeOf(request(site, { ...domain.context, settings }))).toMatch(
      /^SERVICE_UNAVAILABLE: .*--chromium/,
    )
    expect(await codeOf(find('nobodys'))).toMatch(/^NOT_FOUND/)
    expect(await codeOf(download('nobodys'))).toMatch(/^NOT_FOUND/)
    expect(await list()).toEqual([])
  })

  it('asked for 25 at once are as many as may wait, and more when one is done', async () => {
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => request()))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_PENDING_SCREENSHOTS)
    expect(await codeOf(request())).toBe(
      'CONFLICT: 20 screenshots of this organization wait to be taken; try again when some are done',
    )
    const claimed = await claim()
    expect(await codeOf(request())).toMatch(/^CONFLICT/)
    await finish(claimed)
    expect(await codeOf(request())).toBe('OK')
  })

  it('are each taken by one of many that look at the same time, longest waiting first', async () => {
    const ids: string[] = []
    for (let index = 0; index < 3; index++) {
      ids.push(await request())
      domain.advance(1)
    }
    const { screenshots } = domain.storage
    const now = domain.now()
    const first = await screenshots.claimNext(now, now + LEASE_MS)
    expect(first?.id).toBe(ids[0])
    const rest = await Promise.all(
      Array.from({ length: 8 }, () => screenshots.claimNext(now, now + LEASE_MS)),
    )
    expect(rest.flatMap(row => row?.id ?? []).sort()).toEqual(ids.slice(1))
  })

  describe('of several organizations', () => {
    let other: PaymentKit
    let theirSite: number
    beforeEach(async () => {
      other = await createPaymentKit(domain)
      theirSite = await addSite('active', other)
    })
    const requestTheirs = () =>
      requestScreenshot(domain.context, other.actor, other.organizationId, theirSite)
    const flood = async () => {
      for (let index = 0; index < MAX_PENDING_SCREENSHOTS; index++) await request()
      domain.advance(1)
    }
    /** @returns whose it was */
    const takeNext = async (end: (claimed: ScreenshotStatusRow) => Promise<unknown>) => {
      const claimed = await claim()
      domain.advance(30_000)
      await end(claimed)
      return claimed.organization_id === kit.organizationId ? 'flooder' : 'other'
    }
    const fail = (claimed: ScreenshotStatusRow) => failScreenshot(domain.context, claimed, 'slow')
    const takeTurns = async (end: (claimed: ScreenshotStatusRow) => Promise<unknown>) => {
      const turns: string[] = []
      for (let index = 0; index < 6; index++) {
        turns.push(await takeNext(end))
        if (index % 2 === 0) await requestTheirs()
      }
      return turns
    }

    it('are taken in turns: 20 slow ones of one hold nobody up', async () => {
      await flood()
      await requestTheirs()
      expect(await takeNext(finish)).toBe('flooder')
      expect(await takeNext(finish)).toBe('other')
      expect(await takeTurns(fail)).toEqual(['flooder', 'other', 'flooder', 'other', 'flooder', 'other'])
    })

    it('are taken in turns also if those of one crash and go back into the queue', async () => {
      await flood()
      const crash = async ({ organization_id, id, attempts }: ScreenshotStatusRow) => {
        const next_attempt_at = domain.now() + 5_000
        await domain.storage.screenshots.requeue(organization_id, id, { attempts, next_attempt_at })
      }
      expect(await takeNext(crash)).toBe('flooder')
      const turns: string[] = []
      for (let index = 0; index < 6; index++) {
        if (index % 2 === 0) await requestTheirs()
        turns.push(await takeNext(index % 2 === 0 ? finish : crash))
      }
      expect(turns).toEqual(['other', 'flooder', 'other', 'flooder', 'other', 'flooder'])
    })

    it('are taken in turns also if one deletes what was taken, to look as if it had none yet', async () => {
      const requestAnew = async () => {
        await domain.engine.db
          .deleteFrom('screenshots')
          .where('organization_id', '=', kit.organizationId)
          .execute()
        await request()
      }
      for (let index = 0; index < 3; index++) await requestTheirs()
      const turns: string[] = []
      for (let index = 0; index < 6; index++) {
        await requestAnew()
        turns.push(await takeNext(finish))
      }
      expect(turns.filter(turn => turn === 'other')).toHaveLength(3)
    })

    it('are taken at the same time by two servers, one of each', async () => {
      await flood()
      await requestTheirs()
      const claimed = [await claim(), await claim()].map(({ organization_id }) => organization_id)
      expect(claimed).toEqual([kit.organizationId, other.organizationId])
    })
  })

  it('are taken again when the lease is over, and the late attempt then writes nothing', async () => {
    const id = await request()
    const late = await claim()
    domain.advance(LEASE_MS - 1)
    await expect(claim()).rejects.toThrow('nothing is due')
    domain.advance(1)
    const second = await claim()
    expect(second).toMatchObject({ id, attempts: 2 })
    expect(await finish(late)).toBe(false)
    expect(await failScreenshot(domain.context, late, 'late')).toBe(false)
    const { organization_id, attempts } = late
    const requeue = { attempts, next_attempt_at: 0 }
    expect(await domain.storage.screenshots.requeue(organization_id, id, requeue)).toBe(false)
    expect(await finish(second)).toBe(true)
    expect(await finish(second)).toBe(false)
  })

  it('that are put back are due again only then', async () => {
    await request()
    const { organization_id, id, attempts } = await claim()
    const next_attempt_at = domain.now() + 5000
    const requeue = { attempts, next_attempt_at }
    expect(await domain.storage.screenshots.requeue(organization_id, id, requeue)).toBe(true)
    domain.advance(4999)
    await expect(claim()).rejects.toThrow('nothing is due')
    domain.advance(1)
    expect((await claim()).attempts).toBe(2)
  })

  it('are kept, the newest 20 of each website that are done and the newest 20 that failed', async () => {
    const other = await addSite()
    const take = async (website: number, end: (claimed: ScreenshotStatusRow) => Promise<boolean>) => {
      const id = await request(website)
      await end(await claim())
      domain.advance(1)
      return id
    }
    const fail = (claimed: ScreenshotStatusRow) => failScreenshot(domain.context, claimed, 'no')
    const untouched = await take(other, finish)
    const done: string[] = []
    for (let index = 0; index < 22; index++) done.unshift(await take(site, finish))
    const failed: string[] = []
    for (let index = 0; index < 22; index++) failed.unshift(await take(site, fail))
    const waiting = await request()
    const kept = [waiting, ...failed.slice(0, 20), ...done.slice(0, 20)]
    expect((await list(site)).map(({ id }) => id)).toEqual(kept)
    expect((await list()).map(({ id }) => id)).toEqual([...kept, untouched])
  })

  it('go with their website, also one that is just being taken', async () => {
    const id = await request()
    const claimed = await claim()
    await deleteWebsite(domain.context, kit.actor, kit.organizationId, site)
    expect(await finish(claimed)).toBe(false)
    expect(await codeOf(find(id))).toMatch(/^NOT_FOUND/)
  })

  it('are seen by no other organization, and asked for by nobody who is no member', async () => {
    const id = await request()
    await finish(await claim())
    const other = await createPaymentKit(domain)
    expect(await codeOf(getScreenshot(domain.context, other.organizationId, id))).toMatch(/^NOT_FOUND/)
    expect(await codeOf(downloadScreenshot(domain.context, other.organizationId, id))).toMatch(/^NOT_FOUND/)
    const page = { offset: 0, limit: 15 }
    expect(await listScreenshots(domain.context, other.organizationId, page, site)).toMatchObject({
      total: 0,
    })
    const stranger = actorOf(await domain.signUp())
    const refused = requestScreenshot(domain.context, stranger, kit.organizationId, site)
    expect(await codeOf(refused)).toMatch(/^FORBIDDEN/)
  })
})
