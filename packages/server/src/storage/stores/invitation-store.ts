import { type Kysely, sql } from 'kysely'
import type { Database, InvitationTable } from '../schema'

export type InvitationRow = InvitationTable

/** Who is asked to join an organization. */
export class InvitationStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** Those that hold a seat. */
  async countPending(organizationId: string, now: number): Promise<number> {
    const row = await this.db
      .selectFrom('invitations')
      .select(sql<number>`count(*)`.as('n'))
      .where('organization_id', '=', organizationId)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }
}
