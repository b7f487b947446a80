import type { AuditEntry } from '@snoop/sdk/contract'
import { usageError } from '../../cli-error'
import type { tailSpec } from '../../command-tree/audit'
import type { CommandContext } from '../../context'
import type { Run } from '../../define-command'
import { parseDuration } from '../../duration'
import type { OpenClient } from '../../http/open-client'
import { withOrganization } from '../../http/with-organization'
import { jsonText, terminalSafeLine, tsvCell } from '../../output/terminal-text'
import { untilStopped } from '../until-stopped'
import { whileAway } from '../while-away'
import { withoutSpinner } from '../without-spinner'
import { auditFields } from './audit-fields'

const DEFAULT_INTERVAL_MS = 2000
const PAGE = 100

const readInterval = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_INTERVAL_MS
  const seconds = parseDuration(text, '--interval')
  if (seconds < 1) throw usageError('--interval is one second at least.')
  return seconds * 1000
}

const printEntry = ({ output, flags }: CommandContext, entry: AuditEntry): Promise<void> => {
  if (output.json) return output.raw(`${jsonText(entry, 0)}\n`)
  const fields = auditFields(isoTime => isoTime)
  if (flags.quiet) return output.raw(`${entry.sequence}\n`)
  const line = output.isHuman
    ? fields.map(({ human, value }) => terminalSafeLine((human ?? value)(entry))).join('  ')
    : fields.map(({ value }) => tsvCell(value(entry))).join('\t')
  return output.raw(`${line}\n`)
}

/** All entries behind this one. Times may go back, sequences never: they are put in order here. */
const entriesAfter = async (
  { client, call }: OpenClient,
  organizationId: string,
  afterSequence: number,
): Promise<AuditEntry[]> => {
  const query = { organizationId, afterSequence, sort: 'createdAt', limit: PAGE } as const
  const entries = new Map<number, AuditEntry>()
  for await (const entry of client.auditLogs.list(query, call)) entries.set(entry.sequence, entry)
  return [...entries.values()].sort((one, other) => one.sequence - other.sequence)
}

/** Ends by the signal, or by a failure that waiting does not mend. */
const follow = async (
  context: CommandContext,
  open: OpenClient,
  organizationId: string,
  intervalMs: number,
): Promise<never> => {
  const { around, signal } = context
  const chain = await whileAway(context, () => open.client.auditLogs.chain({ organizationId }, open.call))
  let seen = chain.lastSequence
  for (;;) {
    await around.sleep(intervalMs, signal)
    for (const entry of await whileAway(context, () => entriesAfter(open, organizationId, seen))) {
      await printEntry(context, entry)
      seen = entry.sequence
    }
  }
}

export const run: Run<typeof tailSpec> = (context, { options }) =>
  untilStopped(context, () => {
    const intervalMs = readInterval(options.interval)
    return withOrganization(withoutSpinner(context), ['user:read'], (open, organizationId) =>
      follow(context, open, organizationId, intervalMs),
    )
  })
