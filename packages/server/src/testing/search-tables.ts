import { type Kysely, sql } from 'kysely'
import type { Database } from '../storage/schema'

/**
 * Looks for texts in every column of every table, as a part of the value and in any case.
 * @returns `table.column` where one was found
 */
export const searchTables = async (db: Kysely<Database>, texts: readonly string[]): Promise<string[]> => {
  const wanted = texts.map(text => text.toLowerCase())
  const found = new Set<string>()
  for (const { name } of await db.introspection.getTables()) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db)
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        const text = String(value).toLowerCase()
        if (wanted.some(part => text.includes(part))) found.add(`${name}.${column}`)
      }
    }
  }
  return [...found].sort()
}
