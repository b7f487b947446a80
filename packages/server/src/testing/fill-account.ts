import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../storage/schema'
import { projectRow } from './rows'

/** Whose rows, and an organization that the user is a member of. */
export interface FilledAccount {
  readonly userId: string
  readonly email: string
  readonly organizationId: string
}

/** Tables that have a column with the id of a user, and the name of that column. */
export const findUserTables = async (
  db: Kysely<Database>,
): Promise<{ readonly table: keyof Database; readonly column: string }[]> => {
  const tables = await db.introspection.getTables()
  return tables.flatMap(({ name, columns }) =>
    columns
      .filter(column => column.name.endsWith('user_id'))
      .map(column => ({ table: name as keyof Database, column: column.name })),
  )
}

/**
 * Adds a row to every table that holds something on a user, but for those that signing up and making a key fill:
 * `users`, `memberships`, `sessions`, `api_keys`. Unique columns hold the user's id; secret ones begin with `secret`.
 */
export const fillAccount = async (
  db: Kysely<Database>,
  { userId, email, organizationId }: FilledAccount,
  now: number,
): Promise<void> => {
  const own = { id: `row_${userId}`, user_id: userId, created_at: now }
  const secret = (name: string) => `secret ${name} of ${userId}`
  const ends = { expires_at: now + 3600_000 }
  await db
    .insertInto('link_tokens')
    .values({
      ...own,
      ...ends,
      purpose: 'change-email',
      token_hash: secret('link'),
      email: `new-${email}`,
      callback_url: null,
      used_at: null,
      session_id: null,
      remember: 1,
    })
    .execute()
  await db
    .insertInto('challenges')
    .values({
      ...own,
      ...ends,
      kind: 'two-factor',
      session_id: null,
      token_hash: secret('challenge'),
      sealed_data: secret('data'),
      wrong_codes: 0,
    })
    .execute()
  await db
    .insertInto('two_factors')
    .values({
      user_id: userId,
      method: 'totp',
      sealed_secret: secret('totp'),
      confirmed_at: now,
      last_used_step: 0,
      code_hash: secret('code'),
      code_bound_to: secret('bound'),
      code_expires_at: now,
      created_at: now,
    })
    .execute()
  await db
    .insertInto('backup_codes')
    .values({ ...own, code_hash: secret('backup'), used_at: null })
    .execute()
  await db
    .insertInto('passkeys')
    .values({
      ...own,
      credential_id: secret('credential'),
      public_key: secret('public key'),
      signature_count: 7,
      transports: '[]',
      device_type: 'multiDevice',
      backed_up: 1,
      name: 'my passkey',
      last_used_at: null,
    })
    .execute()
  await db
    .insertInto('social_accounts')
    .values({ ...own, provider: 'google', subject: userId, email })
    .execute()
  await db
    .insertInto('devices')
    .values({
      ...own,
      ...ends,
      token_hash: secret('device'),
      user_agent: 'test',
      ip_address: '192.0.2.1',
      last_sign_in_at: now,
      trusted_until: now + 1000,
    })
    .execute()
  await db
    .insertInto('token_families')
    .values({ ...own, ...ends, ip_address: '192.0.2.1', user_agent: 'test', ended_at: null })
    .execute()
  await db
    .insertInto('refresh_tokens')
    .values({
      id: own.id,
      family_id: own.id,
      token_hash: secret('refresh token'),
      created_at: now,
      used_at: null,
    })
    .execute()
  await db
    .insertInto('login_events')
    .values({ ...own, method: 'password', ip_address: '192.0.2.1', user_agent: 'test', success: 0 })
    .execute()
  await db
    .insertInto('projects')
    .values({
      ...projectRow(organizationId, randomUUID()),
      created_by_user_id: userId,
      created_at: now,
    })
    .execute()
  await db
    .insertInto('invitations')
    .values({
      organization_id: organizationId,
      id: randomUUID(),
      email: `${randomUUID()}@example.com`,
      role: 'member',
      invited_by_user_id: userId,
      token_hash: randomUUID(),
      created_at: now,
      sent_at: now,
      expires_at: now + 3600_000,
    })
    .execute()
  await db
    .insertInto('idempotency_claims')
    .values({
      ...own,
      key_hash: secret('idempotency'),
      request_hash: secret('request'),
      state: 'answered',
      sealed_answer: secret('answer'),
    })
    .execute()
}
