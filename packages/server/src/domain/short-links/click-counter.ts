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
    // In the same order everywhere, so that two processes never wait for each other in a circle.
    return batch.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  private async writeBatch(batch: readonly LinkClicks[]): Promise<void> {
    try {
      const counts = await this.storage.transaction(async ({ links }) => {
        const counted: number[] = []
        for (const { link, clicks } of batch)
          counted.push(await links.addClicks(link.organization_id, link.number, clicks.length))
        return counted
      })
      for (const [index, { clicks }] of batch.entries()) {
        const counted = counts[index] ?? 0
        for (const [place, { resolve }] of clicks.entries()) resolve(place < counted)
      }
    } catch (error) {
      for (const { clicks } of batch) for (const { reject } of clicks) reject(error)
    } finally {
      for (const { clicks } of batch) this.clicksWaiting -= clicks.length
    }
  }
}
