import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'

const COLUMNS = [
  'organization_id',
  'sequence',
  'id',
  'created_at',
  'action',
  'outcome',
  'actor_id',
  'credential_type',
  'credential_id',
  'resource_type',
  'resource_id',
  'ip_address',
  'user_agent',
  'request_id',
  'details',
  'previous_hash',
  'hash',
  'signature',
]

/** As long as a hash and a signature are in base64url. */
const HASH = 'h'.repeat(43)
const SIGNATURE = 's'.repeat(86)

/**
 * Puts entries into the audit log of an organization, directly into the database of a server that does not run. Their
 * hashes are of the right length, and nothing else.
 * @param {{ dataDir: string, organizationId: string, userId: string, rows: number }} options
 */
export const fillAuditLog = ({ dataDir, organizationId, userId, rows }) => {
  const db = new DatabaseSync(join(dataDir, 'snoop.db'))
  const marks = COLUMNS.map(() => '?').join(', ')
  const insert = db.prepare(`insert into audit_events (${COLUMNS.join(', ')}) values (${marks})`)
  db.exec('begin')
  db.prepare('delete from audit_events where organization_id = ?').run(organizationId)
  for (let sequence = 1; sequence <= rows; sequence += 1)
    insert.run(
      organizationId,
      sequence,
      `01HZ3K5R4X9Y2V6Q${String(sequence).padStart(10, '0')}`,
      1_750_000_000_000 + sequence,
      sequence % 2 ? 'project.updated' : 'member.role_changed',
      'success',
      userId,
      'session',
      '01HZ3K5R4X9Y2V6QF8TJ7W0CDN',
      'project',
      `01HZ3K5R4X9Y2V6Q${String(sequence % 1000).padStart(10, '0')}`,
      '192.0.2.1',
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      `req_${sequence}`,
      '{"name":"Shop","fields":["name","website"]}',
      HASH,
      HASH,
      SIGNATURE,
    )
  db.prepare(
    `insert into audit_chains (organization_id, last_sequence, last_hash) values (?, ?, ?)
     on conflict do update set last_sequence = excluded.last_sequence, last_hash = excluded.last_hash`,
  ).run(organizationId, rows, HASH)
  db.exec('commit')
  db.close()
}
