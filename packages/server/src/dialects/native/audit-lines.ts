import type { AuditEntry, AuditFormat } from '@snoop/sdk/contract'
import type { NamedAuditEventRow } from '../../domain/records'
import { csvHeader, presentCsv } from './audit-csv'
import { presentAuditEntry } from './present-audit-entry'

export const AUDIT_CONTENT_TYPES: Readonly<Record<AuditFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
}

type Pages = AsyncIterable<readonly NamedAuditEventRow[]>

/** So few that no other request waits noticeably while they become text. */
const PIECE_SIZE = 100

async function* pieces(pages: Pages): AsyncGenerator<AuditEntry[], void, undefined> {
  for await (const rows of pages) {
    for (let at = 0; at < rows.length; at += PIECE_SIZE)
      yield rows.slice(at, at + PIECE_SIZE).map(presentAuditEntry)
  }
}

/** One entry a line, each a JSON object. */
export async function* jsonLines(pages: Pages): AsyncGenerator<string, void, undefined> {
  for await (const entries of pieces(pages)) yield entries.map(entry => `${JSON.stringify(entry)}\n`).join('')
}

/** A header, and a record for each entry (RFC 4180). */
async function* csvLines(pages: Pages): AsyncGenerator<string, void, undefined> {
  yield csvHeader()
  for await (const entries of pieces(pages)) yield presentCsv(entries)
}

export const auditLines = (format: AuditFormat, pages: Pages): AsyncIterable<string> =>
  format === 'csv' ? csvLines(pages) : jsonLines(pages)
