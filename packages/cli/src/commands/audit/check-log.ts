import { type AuditAnchor, type AuditVerification, verifyAuditLog } from '@snoop/sdk'
import type { AuditChain } from '@snoop/sdk/contract'
import { usageError } from '../../cli-error'
import type { OpenClient } from '../../http/open-client'
import { readChainFile, readLines } from './read-log-files'

/** What was verified, and what came of it. */
export interface CheckedLog {
  readonly chain: AuditChain
  readonly verification: AuditVerification
}

/** What is to be decided before the log is read. @returns what the last run found */
export type MeetChain = (chain: AuditChain) => AuditAnchor | undefined

/** Retention goes on while the log is read; it is done sooner than this many tries. */
const MAX_TRIES = 5

/** Reads the log of the server, again if retention has removed entries between the asking for its ends and for it. */
export const checkServerLog = async (
  { client, call }: OpenClient,
  organizationId: string,
  meet: MeetChain,
): Promise<CheckedLog> => {
  let chain = await client.auditLogs.chain({ organizationId }, call)
  for (let tries = 1; ; tries++) {
    const anchor = meet(chain)
    const lines = await client.auditLogs.export({ organizationId, format: 'jsonl' }, call)
    const verification = await verifyAuditLog({ organizationId, chain, lines, anchor })
    if (verification.isIntact || tries === MAX_TRIES) return { chain, verification }
    const now = await client.auditLogs.chain({ organizationId }, call)
    if (now.checkpoint?.sequence === chain.checkpoint?.sequence) return { chain, verification }
    chain = now
  }
}

/** Whether no line of it is an entry. Where others are, one that is none was changed. */
const isNoExport = ({ entryCount, findings }: AuditVerification): boolean =>
  entryCount === 0 && findings.some(({ kind }) => kind === 'unreadable')

/**
 * Asks nobody: reads an export and the ends that were kept with it.
 * @throws CliError (exit 2) if a file cannot be read or holds something else
 */
export const checkLogFile = async (file: string, chainFile: string, meet: MeetChain): Promise<CheckedLog> => {
  const chain = await readChainFile(chainFile)
  const { organizationId } = chain
  const anchor = meet(chain)
  const verification = await verifyAuditLog({ organizationId, chain, lines: readLines(file), anchor })
  if (isNoExport(verification)) {
    throw usageError(`This is no jsonl export: ${file}.`, 'Make one with:  snoop audit export')
  }
  return { chain, verification }
}
