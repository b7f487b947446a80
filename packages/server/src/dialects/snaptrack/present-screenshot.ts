import type { Screenshot } from '@snoop/sdk/contract'
import type { ScreenshotStatusRow } from '../../domain/records'
import { toTimestamp, toTimestampOrNull } from '../../http/timestamp'

export const presentScreenshot = (row: ScreenshotStatusRow): Screenshot => ({
  id: row.id,
  website_id: row.website_number,
  status: row.status as Screenshot['status'],
  error: row.error,
  created_at: toTimestamp(row.created_at),
  finished_at: toTimestampOrNull(row.finished_at),
})
