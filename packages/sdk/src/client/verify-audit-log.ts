import type { AuditChain } from '../contract'
import { loadAuditCrypto } from './audit/audit-crypto'
import { type AuditAnchor, type AuditVerification, AuditVerifier } from './audit/audit-verifier'

export interface AuditLogToVerify {
  readonly organizationId: string
  /** An export in JSON lines, whole and without filters; one entry each. */
  readonly lines: AsyncIterable<string> | Iterable<string>
  /** `auditLogs.chain`, asked for before the export: entries that came after it are checked too. */
  readonly chain: AuditChain
  /** The end of a log that was found intact before: the only way to tell that the newest entries were cut off since. */
  readonly anchor?: AuditAnchor | undefined
}

/**
 * Verifies an audit log against its chain: works out every hash anew, and checks that each entry continues the one before,
 * that none is missing from the checkpoint (or the first) to the end of the chain, and that the server signed them (the
 * signature of every 1,000th entry and the last, which vouches for those chained to it; each of them if one is wrong).
 * Whatever the log's length, it keeps a block of 1,000 in memory.
 *
 * Whoever can change the database cannot make signatures. What no log can tell by itself is that its newest entries were
 * cut off together with the record of its end: for that keep `lastSequence` and `lastHash`, and give them as `anchor`.
 * `chain.publicKey` must come from the server itself, or be the one that it always had.
 * @throws TypeError if the chain is of another organization, or has no key; what reading the lines throws
 */
export const verifyAuditLog = async ({
  organizationId,
  lines,
  chain,
  anchor,
}: AuditLogToVerify): Promise<AuditVerification> => {
  if (chain.organizationId !== organizationId)
    throw new TypeError('`chain` is of another organization than `organizationId`')
  const crypto = await loadAuditCrypto(organizationId, chain.publicKey)
  const verifier = new AuditVerifier(crypto, organizationId, chain, anchor)
  for await (const line of lines) verifier.add(line)
  return verifier.end()
}
