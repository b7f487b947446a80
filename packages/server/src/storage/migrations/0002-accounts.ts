import { type Kysely, sql } from 'kysely'
import { uniqueIndexName } from '../unique-violation'
import { addIndex, addUniqueIndex, onDelete, required } from './definitions'
import type { ColumnTypes, Migration } from './migration'

/** Recovery, second factors, passkeys, social accounts, devices, login history, guesses. */
export const accounts: Migration = {
  name: '0002-accounts',
  up: async (db, types) => {
    await addToLinkTokens(db, types)
    await createMailRequests(db, types)
    await createChallenges(db, types)
    await createTwoFactors(db, types)
    await createBackupCodes(db, types)
    await createPasskeys(db, types)
    await createSocialAccounts(db, types)
    await createDevices(db, types)
    await createLoginEvents(db, types)
    await createGuessCounters(db, types)
    await createInstanceChecks(db, types)
  },
}

/** A table with an id, whose rows go with their user. */
const userTable = (db: Kysely<unknown>, name: string, { text }: ColumnTypes) =>
  db.schema
    .createTable(name)
    .addColumn('id', text, required)
    .addColumn('user_id', text, required)
    .addPrimaryKeyConstraint(uniqueIndexName(name, ['id']), ['id'])
    .addForeignKeyConstraint(`${name}_user_id_fkey`, ['user_id'], 'users', ['id'], onDelete('cascade'))

async function addToLinkTokens(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('link_tokens').addColumn('session_id', text).execute()
  await db.schema
    .alterTable('link_tokens')
    .addColumn('remember', wholeNumber, column => column.notNull().defaultTo(1))
    .execute()
}

async function createMailRequests(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('mail_requests')
    .addColumn('id', text, required)
    .addColumn('purpose', text, required)
    .addColumn('email', text, required)
    .addColumn('callback_url', text)
    .addColumn('remember', wholeNumber, required)
    .addColumn('created_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('mail_requests', ['id']), ['id'])
    .execute()
}

async function createChallenges(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('challenges')
    .addColumn('id', text, required)
    .addColumn('kind', text, required)
    .addColumn('user_id', text)
    .addColumn('session_id', text)
    .addColumn('token_hash', text, required)
    .addColumn('sealed_data', text)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('expires_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('challenges', ['id']), ['id'])
    .addForeignKeyConstraint('challenges_user_id_fkey', ['user_id'], 'users', ['id'], onDelete('cascade'))
    .execute()
  await addUniqueIndex(db, 'challenges', ['token_hash'])
  await addIndex(db, 'challenges', ['user_id'])
  await addIndex(db, 'challenges', ['expires_at'])
}

async function createTwoFactors(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('two_factors')
    .addColumn('user_id', text, required)
    .addPrimaryKeyConstraint(uniqueIndexName('two_factors', ['user_id']), ['user_id'])
    .addForeignKeyConstraint('two_factors_user_id_fkey', ['user_id'], 'users', ['id'], onDelete('cascade'))
    .addColumn('method', text, required)
    .addColumn('sealed_secret', text)
    .addColumn('confirmed_at', wholeNumber)
    .addColumn('last_used_step', wholeNumber, required)
    .addColumn('code_hash', text)
    .addColumn('code_bound_to', text)
    .addColumn('code_expires_at', wholeNumber)
    .addColumn('created_at', wholeNumber, required)
    .addCheckConstraint('two_factors_method_check', sql`method in ('totp', 'email')`)
    .execute()
}

async function createBackupCodes(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await userTable(db, 'backup_codes', types)
    .addColumn('code_hash', text, required)
    .addColumn('used_at', wholeNumber)
    .addColumn('created_at', wholeNumber, required)
    .execute()
  await addUniqueIndex(db, 'backup_codes', ['user_id', 'code_hash'])
}

async function createPasskeys(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await userTable(db, 'passkeys', types)
    .addColumn('credential_id', text, required)
    .addColumn('public_key', text, required)
    .addColumn('signature_count', wholeNumber, required)
    .addColumn('transports', text, required)
    .addColumn('device_type', text, required)
    .addColumn('backed_up', wholeNumber, required)
    .addColumn('name', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('last_used_at', wholeNumber)
    .execute()
  await addUniqueIndex(db, 'passkeys', ['credential_id'])
  await addIndex(db, 'passkeys', ['user_id', 'created_at', 'id'])
}

async function createSocialAccounts(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await userTable(db, 'social_accounts', types)
    .addColumn('provider', text, required)
    .addColumn('subject', text, required)
    .addColumn('email', text, required)
    .addColumn('created_at', wholeNumber, required)
    .execute()
  await addUniqueIndex(db, 'social_accounts', ['provider', 'subject'])
  await addIndex(db, 'social_accounts', ['user_id'])
}

async function createDevices(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await userTable(db, 'devices', types)
    .addColumn('token_hash', text, required)
    .addColumn('user_agent', text, required)
    .addColumn('ip_address', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('last_sign_in_at', wholeNumber, required)
    .addColumn('trusted_until', wholeNumber)
    .addColumn('expires_at', wholeNumber, required)
    .execute()
  await addUniqueIndex(db, 'devices', ['user_id', 'token_hash'])
  await addIndex(db, 'devices', ['expires_at'])
}

async function createLoginEvents(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await userTable(db, 'login_events', types)
    .addColumn('method', text, required)
    .addColumn('ip_address', text, required)
    .addColumn('user_agent', text, required)
    .addColumn('success', wholeNumber, required)
    .addColumn('created_at', wholeNumber, required)
    .execute()
  await addIndex(db, 'login_events', ['user_id', 'created_at', 'id'])
  await addIndex(db, 'login_events', ['created_at'])
}

async function createGuessCounters(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('guess_counters')
    .addColumn('subject', text, required)
    .addColumn('attempts', wholeNumber, required)
    .addColumn('blocked_until', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('guess_counters', ['subject']), ['subject'])
    .execute()
  await addIndex(db, 'guess_counters', ['updated_at'])
}

async function createInstanceChecks(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('instance_checks')
    .addColumn('id', text, required)
    .addColumn('check_value', text, required)
    .addPrimaryKeyConstraint(uniqueIndexName('instance_checks', ['id']), ['id'])
    .execute()
}
