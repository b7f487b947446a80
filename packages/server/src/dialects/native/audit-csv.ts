import type { AuditEntry } from '@snoop/sdk/contract'
import { type Options, stringify } from 'csv-stringify/sync'

const COLUMNS = [
  'sequence',
  'createdAt',
  'action',
  'outcome',
  'userId',
  'userName',
  'credentialType',
  'credentialId',
  'resourceType',
  'resourceId',
  'ipAddress',
  'userAgent',
  'requestId',
  'details',
  'id',
  'previousHash',
  'hash',
  'signature',
] as const satisfies readonly (keyof AuditEntry)[]

const OPTIONS: Options = {
  columns: [...COLUMNS],
  record_delimiter: 'windows',
  // A user agent such as `=HYPERLINK(…)` must not run in whoever's spreadsheet.
  escape_formulas: true,
}

/** The names of the columns, as a record. */
export const csvHeader = (): string => stringify([], { ...OPTIONS, header: true })

/** Entries as records of CSV (RFC 4180); details are JSON. */
export const presentCsv = (entries: readonly AuditEntry[]): string => stringify([...entries], OPTIONS)
