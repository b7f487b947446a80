import type { AuditChain } from '@snoop/sdk/contract'
import { jsonLines } from '../../../dialects/native/audit-lines'
import { presentAuditChain } from '../../../dialects/native/present-audit-entry'
import type { DomainContext } from '../../domain-context'
import { getAuditChain } from '../audit-chain'
import { readAuditPages } from '../export-audit-log'
import { EVERY_ENTRY } from '../list-audit-logs'

/** A log as whoever exports and verifies it gets it, though without an entry of the export. */
export const exportedLog = async (
  context: DomainContext,
  organizationId: string,
): Promise<{ readonly organizationId: string; readonly chain: AuditChain; readonly lines: string[] }> => {
  const chain = presentAuditChain(organizationId, await getAuditChain(context, organizationId))
  const pages = readAuditPages(context, organizationId, EVERY_ENTRY, Number.MAX_SAFE_INTEGER)
  let text = ''
  for await (const piece of jsonLines(pages)) text += piece
  return { organizationId, chain, lines: text.split('\n') }
}
