import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { jsonLines } from './dialects/native/audit-lines'
import { presentAuditChain } from './dialects/native/present-audit-entry'
import { getAuditChain } from './domain/audit/audit-chain'
import { readAuditPages } from './domain/audit/export-audit-log'
import { EVERY_ENTRY } from './domain/audit/list-audit-logs'
import type { DomainContext } from './domain/domain-context'

/**
 * Prints an organization's audit log as its export would be, and its chain as the last line. It need not exist any more.
 * @returns false if it never had a log
 */
export const printAuditLog = async (
  context: Pick<DomainContext, 'storage' | 'auditSigner'>,
  organizationId: string,
  output: Writable,
): Promise<boolean> => {
  const chain = await getAuditChain(context, organizationId)
  if (chain.lastSequence === 0) return false
  async function* lines() {
    yield* jsonLines(readAuditPages(context, organizationId, EVERY_ENTRY, chain.lastSequence))
    yield `${JSON.stringify(presentAuditChain(organizationId, chain))}\n`
  }
  await pipeline(Readable.from(lines()), output, { end: false })
  return true
}
