import type { Kysely } from 'kysely'
import type { Database, ScreenshotTable } from '../schema'

export type ScreenshotRow = ScreenshotTable

/** Screenshots of websites. */
export class ScreenshotStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: ScreenshotRow): Promise<void> {
    await this.db.insertInto('screenshots').values(row).execute()
  }
}
