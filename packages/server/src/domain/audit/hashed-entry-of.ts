import type { AuditCredential, AuditOutcome, HashedAuditEntry } from '@snoop/sdk/contract'
import type { AuditEventRow } from '../../storage/stores/audit-log-store'
import { auditTime } from './audit-time'

/** Details that somebody made unreadable in the database are shown as the text that they are. */
const readDetails = (text: string): Record<string, unknown> => {
  try {
    const details: unknown = JSON.parse(text)
    if (typeof details === 'object' && details !== null && !Array.isArray(details))
      return details as Record<string, unknown>
  } catch {
    // Told below.
  }
  return { unreadable: text }
}

/**
 * The parts of a stored entry that its hash covers. Whatever somebody wrote into the row, this does not fail: an entry
 * that was tampered with must be found by its hash, not hide behind an error.
 */
export const hashedEntryOf = (row: AuditEventRow): HashedAuditEntry => ({
  id: row.id,
  sequence: row.sequence,
  createdAt: auditTime(row.created_at),
  action: row.action,
  outcome: row.outcome as AuditOutcome,
  userId: row.actor_id,
  credentialType: row.credential_type as AuditCredential,
  credentialId: row.credential_id,
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  requestId: row.request_id,
  details: readDetails(row.details),
  previousHash: row.previous_hash,
})
