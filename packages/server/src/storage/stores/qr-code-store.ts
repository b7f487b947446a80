import type { Kysely } from 'kysely'
import type { Database, QrCodeTable } from '../schema'

export type QrCodeRow = QrCodeTable

/** QR codes of an organization. */
export class QrCodeStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: QrCodeRow): Promise<void> {
    await this.db.insertInto('qr_codes').values(row).execute()
  }
}
