import { required } from './definitions'
import type { Migration } from './migration'

/** Where processes count the requests of keys together. On SQLite they do so in a file beside the database. */
export const requestWindows: Migration = {
  name: '0005-request-windows',
  up: async (db, { text, wholeNumber, unlogged }) => {
    if (!unlogged) return
    await db.schema
      .createTable('request_windows')
      .modifyFront(unlogged)
      .addColumn('subject', text, column => column.primaryKey())
      .addColumn('started_at', wholeNumber, required)
      .addColumn('used', wholeNumber, required)
      .addColumn('ends_at', wholeNumber, required)
      .execute()
  },
}
