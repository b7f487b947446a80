import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Storage } from '../../storage/storage'
import { DomainError } from '../domain-error'

/** Links in one transaction: few enough that no other write waits noticeably behind it. */
const BATCH_SIZE = 200
/** Clicks that wait or are being written; what comes after is refused, so that a flood takes no more memory than this. */
const MAX_WAITING = 20_000

/** The link that was clicked. */
export interface ClickedLink {
  readonly organization_id: string
  readonly number: number
}

interface Click {
  readonly resolve: (isCounted: boolean) => void
  readonly reject: (error: unknown) => void
}

interface LinkClicks {
  readonly key: string
  readonly link: ClickedLink
  readonly clicks: Click[]
}

/** Links are held in this order everywhere, so that two processes never wait for each other in a circle. */
const compareLinks = (a: ClickedLink, b: ClickedLink): number =>
  a.organization_id === b.organization_id
    ? a.number - b.number
    : a.organization_id < b.organization_id
      ? -1
      : 1

/**
 * Counts clicks so that each one is on disk before it is answered. Those that come while a transaction is under way are
 * written together by the next one, so that a flood costs few transactions.
 */
export class ClickCounter {
  private readonly waiting = new Map<string, LinkClicks>()
  private clicksWaiting = 0
  private isWriting = false

  constructor(private readonly storage: Pick<Storage, 'transaction'>) {}

  /**
   * @returns whether the click was counted: no if the link has as many as it may have, or is gone
   * @throws DomainError SERVICE_UNAVAILABLE if too many wait already
   */
  async count(link: ClickedLink): Promise<boolean> {
    if (this.clicksWaiting >= MAX_WAITING)
      throw new DomainError('SERVICE_UNAVAILABLE', { detail: { retryAfterSeconds: 1 } })
    return new Promise((resolve, reject) => {
      this.add(link, { resolve, reject })
      if (!this.isWriting) void this.writeAll()
    })
  }

  private add(link: ClickedLink, click: Click): void {
    const key = `${link.organization_id} ${link.number}`
    const waiting = this.waiting.get(key)
    if (waiting) waiting.clicks.push(click)
    else this.waiting.set(key, { key, link, clicks: [click] })
    this.clicksWaiting++
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true
    while (this.waiting.size > 0) {
      // Requests that were read from their sockets in this turn count together.
      await nextTurn()
      await this.writeBatch(this.takeBatch())
    }
    this.isWriting = false
  }

  private takeBatch(): LinkClicks[] {
    const batch: LinkClicks[] = []
    for (const [key, entry] of this.waiting) {
      if (batch.length === BATCH_SIZE) break
      batch.push(entry)
      this.waiting.delete(key)
    }
    return batch.sort((a, b) => compareLinks(a.link, b.link))
  }

  /**
   * Whoever holds links in another order, such as the deletion of an organization, can end up waiting for a batch that
   * waits for him; the database then undoes one of the two. What fails twice is written link by link, so that it fails
   * for one alone.
   */
  private async writeBatch(batch: readonly LinkClicks[]): Promise<void> {
    const isDone = (await this.write(batch)) || (await this.write(batch))
    if (!isDone) for (const entry of batch) await this.write([entry], 'for the last time')
    for (const { clicks } of batch) this.clicksWaiting -= clicks.length
  }

  /** Writes in one transaction and answers the clicks. @returns false, with none answered, if it may be tried again */
  private async write(batch: readonly LinkClicks[], last?: 'for the last time'): Promise<boolean> {
    let isUndone = false
    try {
      const counts = await this.storage.transaction(async ({ links }) => {
        isUndone = true
        const counted: number[] = []
        for (const { link, clicks } of batch)
          counted.push(await links.addClicks(link.organization_id, link.number, clicks.length))
        // From here on an error does not tell whether the clicks are on disk.
        isUndone = false
        return counted
      })
      for (const [index, { clicks }] of batch.entries()) {
        const counted = counts[index] ?? 0
        for (const [place, { resolve }] of clicks.entries()) resolve(place < counted)
      }
    } catch (error) {
      if (isUndone && !last) return false
      for (const { clicks } of batch) for (const { reject } of clicks) reject(error)
    }
    return true
  }
}
