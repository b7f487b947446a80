import type { AuditFormat } from '@snoop/sdk/contract'
import type { NamedAuditEventRow } from '../../domain/records'
import { csvHeader, presentCsv } from './audit-csv'
import { presentAuditEntry } from './present-audit-entry'

export const AUDIT_CONTENT_TYPES: Readonly<Record<AuditFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
}

type Pages = AsyncIterable<readonly NamedAuditEventRow[]>

/** One entry a line, each a JSON object. */
export async function* jsonLines(pages: Pages): AsyncGenerator<string, void, undefined> {
  for await (const rows of pages) {
    yield rows.map(row => `${JSON.stringify(presentAuditEntry(row))}\n`).join('')
  }
}

/** A header, and a record for each entry (RFC 4180). */
export async function* csvLines(pages: Pages): AsyncGenerator<string, void, undefined> {
  yield csvHeader()
  for await (const rows of pages) yield presentCsv(rows.map(presentAuditEntry))
}

export const auditLines = (format: AuditFormat, pages: Pages): AsyncIterable<string> =>
  format === 'csv' ? csvLines(pages) : jsonLines(pages)
