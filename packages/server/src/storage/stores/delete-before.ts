import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema'

/**
 * Removes rows whose time is over, few enough at once that nobody waits noticeably behind the statement.
 * @param time the column that must be before `before`
 * @param id the primary key
 * @returns how many went, `limit` at most
 */
export const deleteBefore = async <Table extends keyof Database & string>(
  db: Kysely<Database>,
  {
    table,
    id,
    time,
  }: { table: Table; id: keyof Database[Table] & string; time: keyof Database[Table] & string },
  before: number,
  limit: number,
): Promise<number> => {
  const [rows, key] = [sql.table(table), sql.ref(id)]
  const { numAffectedRows = 0n } = await sql`delete from ${rows} where ${key} in
    (select ${key} from ${rows} where ${sql.ref(time)} < ${before} limit ${limit})`.execute(db)
  return Number(numAffectedRows)
}
