import type { Screenshot } from '@snoop/sdk/contract'
import type { ScreenshotStatusRow } from '../../domain/records'

export const presentScreenshot = (row: ScreenshotStatusRow): Screenshot => ({
  id: row.id,
  website_id: row.website_number,
  status: row.status as Screenshot['status'],
  error: row.error,
  created_at: new Date(row.created_at).toISOString(),
  finished_at: row.finished_at === null ? null : new Date(row.finished_at).toISOString(),
})
