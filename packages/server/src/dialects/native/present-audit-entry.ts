import type { AuditChain, AuditEntry } from '@snoop/sdk/contract'
import type { AuditChainEnds } from '../../domain/audit/audit-chain'
import { auditTime } from '../../domain/audit/audit-time'
import { hashedEntryOf } from '../../domain/audit/hashed-entry-of'
import type { NamedAuditEventRow } from '../../domain/records'

export const presentAuditEntry = (row: NamedAuditEventRow): AuditEntry => ({
  ...hashedEntryOf(row),
  userName: row.actor_full_name,
  hash: row.hash,
  signature: row.signature,
})

export const presentAuditChain = (
  organizationId: string,
  { lastSequence, lastHash, checkpoint, publicKey }: AuditChainEnds,
): AuditChain => ({
  organizationId,
  lastSequence,
  lastHash,
  checkpoint: checkpoint ? { ...checkpoint, createdAt: auditTime(checkpoint.createdAt) } : null,
  publicKey,
})
