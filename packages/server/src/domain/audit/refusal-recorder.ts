import type { Logger } from '../../observability/logger'
import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { PeriodicFlush } from '../periodic-flush'
import { type AuditContext, type DescribedDeed, writeEntries } from './record-act'

const FLUSH_INTERVAL_MS = 5_000
/** More different refusals than this before they can be written down, and the rest is only counted in the server's log. */
const MAX_PENDING = 10_000
/** Few enough that no act waits noticeably behind them. */
const BATCH_SIZE = 50

/** Something that was refused, or is odd enough to be told: an act of who is known by these facts. */
export interface Refusal extends DescribedDeed {
  readonly organizationId: string
}

interface PendingRefusal {
  readonly refusal: Refusal
  readonly count: number
}

/** The same act by the same credential; where from, and in which request, is told of the first. */
const keyOf = ({ organizationId, action, outcome, resource, details, by }: Refusal): string =>
  JSON.stringify([
    organizationId,
    action,
    outcome,
    resource.type,
    resource.id,
    details,
    by.userId,
    by.credentialType,
    by.credentialId,
  ])

const byOrganization = (a: PendingRefusal, b: PendingRefusal): number =>
  a.refusal.organizationId < b.refusal.organizationId ? -1 : 1

/**
 * Writes refusals into the audit logs of their organizations, a moment later and in batches: who is refused a thousand
 * times a second must not cost a thousand writes. Equal ones are one entry with a `count`.
 */
export class RefusalRecorder {
  private readonly pending = new Map<string, PendingRefusal>()
  private dropped = 0
  private readonly writing: PeriodicFlush

  constructor(
    private readonly context: AuditContext & Pick<DomainContext, 'storage'>,
    private readonly logger: Logger,
  ) {
    const failure = { event: 'audit_log.flush_failed', message: 'could not write refusals' }
    this.writing = new PeriodicFlush(() => this.writePending(), FLUSH_INTERVAL_MS, logger, failure)
  }

  /** Notes it down; a refusal in an organization that does not exist is dropped later. */
  record(refusal: Refusal): void {
    this.add(keyOf(refusal), { refusal, count: 1 })
  }

  start(): void {
    this.writing.start()
  }

  /** Writes down what is known so far. On failure it is kept for the next time. */
  flush(): Promise<void> {
    return this.writing.flush()
  }

  stop(): Promise<void> {
    return this.writing.stop()
  }

  private add(key: string, { refusal, count }: PendingRefusal): void {
    const earlier = this.pending.get(key)
    if (!earlier && this.pending.size >= MAX_PENDING) this.dropped += count
    else this.pending.set(key, { refusal, count: count + (earlier?.count ?? 0) })
  }

  private async writePending(): Promise<void> {
    if (this.dropped > 0) {
      const { dropped } = this
      this.dropped = 0
      this.logger.warn({ event: 'audit_log.refusals_dropped', dropped }, 'too many refusals to write down')
    }
    const taken = [...this.pending].sort(([, a], [, b]) => byOrganization(a, b))
    this.pending.clear()
    for (let at = 0; at < taken.length; at += BATCH_SIZE) {
      const batch = taken.slice(at, at + BATCH_SIZE)
      try {
        await this.writeBatch(batch.map(([, pending]) => pending))
      } catch (error) {
        for (const [key, pending] of taken.slice(at)) this.add(key, pending)
        throw error
      }
    }
  }

  private writeBatch(batch: readonly PendingRefusal[]): Promise<void> {
    return this.context.storage.transaction(async stores => {
      for (const organizationId of await this.lockOrganizations(stores, batch)) {
        const deeds = batch
          .filter(({ refusal }) => refusal.organizationId === organizationId)
          .map(({ refusal, count }) => ({ ...refusal, details: { ...refusal.details, count } }))
        await writeEntries(this.context, stores, organizationId, deeds)
      }
    })
  }

  /**
   * All before the first entry is written, as those do that act on several.
   * @returns those that exist, in the order of the batch
   */
  private async lockOrganizations(
    stores: Stores,
    batch: readonly PendingRefusal[],
  ): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    for (const id of new Set(batch.map(({ refusal }) => refusal.organizationId))) {
      if (await stores.organizations.lock(id)) found.add(id)
    }
    return found
  }
}
