import { hash } from 'node:crypto'
import { auditCheckpointText, auditEntryText, auditSignatureText } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { AuditChainRow, AuditEventRow } from '../../storage/stores/audit-log-store'
import type { DomainContext } from '../domain-context'
import { checkpointOf } from './audit-chain'
import { auditTime } from './audit-time'
import { hashedEntryOf } from './hashed-entry-of'

/** Few enough that no act of the organization waits noticeably. */
const BATCH_SIZE = 500

export type RemovalContext = Pick<DomainContext, 'storage' | 'clock' | 'auditSigner'>

/** What became of a batch; `broken`: these entries are not as they were written, and stay for `verify` to find. */
export type Removal =
  | { readonly outcome: 'removed'; readonly count: number; readonly isMore: boolean }
  | { readonly outcome: 'broken'; readonly sequence: number }

/**
 * Removes the oldest entries of a log, as far as they were written before `before`, and signs where it cut. The newest
 * entry always stays. What it removes must be as it was written, unbroken from the last cut on: to sign over it
 * would make tampering look like retention.
 */
export const removeOldEntries = (
  context: RemovalContext,
  organizationId: string,
  before: number,
): Promise<Removal> =>
  context.storage.transaction(async stores => {
    const chain = await stores.auditLogs.lockChain(organizationId)
    const oldest = await stores.auditLogs.listOldest(organizationId, BATCH_SIZE)
    const stay = oldest.findIndex(row => row.created_at >= before || row.sequence >= chain.last_sequence)
    const old = stay === -1 ? oldest : oldest.slice(0, stay)
    const last = old.at(-1)
    if (!last) return { outcome: 'removed', count: 0, isMore: false }
    const broken = findBroken(context, chain, old)
    if (broken !== undefined) return { outcome: 'broken', sequence: broken }
    await cutBehind(context, stores, last)
    return { outcome: 'removed', count: old.length, isMore: old.length === BATCH_SIZE }
  })

const cutBehind = async (
  { clock, auditSigner }: RemovalContext,
  stores: Stores,
  { organization_id: organizationId, sequence, hash }: AuditEventRow,
): Promise<void> => {
  const now = clock()
  const text = auditCheckpointText(organizationId, {
    sequence,
    hash,
    createdAt: auditTime(now),
  })
  const signature = auditSigner.sign(text)
  await stores.auditLogs.cut(organizationId, { sequence, hash, createdAt: now, signature })
}

/** @returns the number of the first entry that is not as it was written */
const findBroken = (
  { auditSigner }: RemovalContext,
  chain: AuditChainRow,
  rows: readonly AuditEventRow[],
): number | undefined => {
  const checkpoint = checkpointOf(chain)
  const isCutByUs =
    !checkpoint ||
    auditSigner.verify(
      auditCheckpointText(chain.organization_id, {
        ...checkpoint,
        createdAt: auditTime(checkpoint.createdAt),
      }),
      checkpoint.signature,
    )
  if (!isCutByUs) return checkpoint.sequence
  let expected = (checkpoint?.sequence ?? 0) + 1
  let previousHash = checkpoint?.hash ?? ''
  for (const row of rows) {
    const text = auditEntryText(chain.organization_id, hashedEntryOf(row))
    const isWhole = row.hash === hash('sha256', text, 'base64url')
    if (row.sequence !== expected || row.previous_hash !== previousHash || !isWhole) return expected
    expected++
    previousHash = row.hash
  }
  const last = rows.at(-1)
  // One good signature vouches for all before it, as they are chained to it.
  return last && auditSigner.verify(auditSignatureText(last.hash), last.signature)
    ? undefined
    : last?.sequence
}
