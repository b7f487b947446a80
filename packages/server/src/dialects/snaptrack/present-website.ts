import type { Website } from '@snoop/sdk/contract'
import type { WebsiteRow } from '../../domain/records'
import { toTimestampOrNull } from '../../http/timestamp'

export const presentWebsite = (row: WebsiteRow): Website => ({
  id: row.number,
  name: row.name,
  url: row.url,
  viewport_width: row.viewport_width,
  viewport_height: row.viewport_height,
  full_page: row.full_page === 1,
  status: row.status as Website['status'],
  last_screenshot_at: toTimestampOrNull(row.last_screenshot_at),
})
