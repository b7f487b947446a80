import { type Kysely, sql } from 'kysely'
import { uniqueIndexName } from '../unique-violation'
import { addIndex, addUniqueIndex, onDelete, required } from './definitions'
import type { ColumnTypes, Migration } from './migration'

/** Accounts, sessions, mailed links, API keys, organizations, memberships, projects and mails to be sent. */
export const initial: Migration = {
  name: '0001-initial',
  up: async (db, types) => {
    await createUsers(db, types)
    await createOrganizations(db, types)
    await createMemberships(db, types)
    await createSessions(db, types)
    await createLinkTokens(db, types)
    await createApiKeys(db, types)
    await createProjects(db, types)
    await createOutbox(db, types)
  },
}

async function createUsers(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', text, required)
    .addColumn('email', text, required)
    .addColumn('email_verified_at', wholeNumber)
    .addColumn('full_name', text, required)
    .addColumn('handle', text, required)
    .addColumn('password_hash', text, required)
    .addColumn('role', text, required)
    .addColumn('is_active', wholeNumber, required)
    .addColumn('marketing_opt_out', wholeNumber, required)
    .addColumn('two_factor_enabled', wholeNumber, required)
    .addColumn('last_login_at', wholeNumber)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('users', ['id']), ['id'])
    .addCheckConstraint('users_role_check', sql`role in ('user', 'admin')`)
    .execute()
  await addUniqueIndex(db, 'users', ['email'])
  await addUniqueIndex(db, 'users', ['handle'])
}

async function createOrganizations(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('organizations')
    .addColumn('id', text, required)
    .addColumn('name', text, required)
    .addColumn('slug', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('organizations', ['id']), ['id'])
    .execute()
  await addUniqueIndex(db, 'organizations', ['slug'])
}

async function createMemberships(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('memberships')
    .addColumn('organization_id', text, required)
    .addColumn('id', text, required)
    .addColumn('user_id', text, required)
    .addColumn('role', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('memberships', ['organization_id', 'id']), [
      'organization_id',
      'id',
    ])
    .addForeignKeyConstraint(
      'memberships_organization_id_fkey',
      ['organization_id'],
      'organizations',
      ['id'],
      onDelete('cascade'),
    )
    .addForeignKeyConstraint('memberships_user_id_fkey', ['user_id'], 'users', ['id'], onDelete('cascade'))
    .addCheckConstraint('memberships_role_check', sql`role in ('owner', 'admin', 'member')`)
    .execute()
  await addUniqueIndex(db, 'memberships', ['organization_id', 'user_id'])
  await addIndex(db, 'memberships', ['user_id', 'organization_id'])
}

async function createSessions(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', text, required)
    .addColumn('user_id', text, required)
    .addColumn('token_hash', text, required)
    .addColumn('ip_address', text, required)
    .addColumn('user_agent', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('authenticated_at', wholeNumber, required)
    .addColumn('renewed_at', wholeNumber, required)
    .addColumn('last_seen_at', wholeNumber, required)
    .addColumn('expires_at', wholeNumber, required)
    .addColumn('remember', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('sessions', ['id']), ['id'])
    .addForeignKeyConstraint('sessions_user_id_fkey', ['user_id'], 'users', ['id'], onDelete('cascade'))
    .execute()
  await addUniqueIndex(db, 'sessions', ['token_hash'])
  await addIndex(db, 'sessions', ['user_id'])
  await addIndex(db, 'sessions', ['expires_at'])
}

async function createLinkTokens(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('link_tokens')
    .addColumn('id', text, required)
    .addColumn('user_id', text, required)
    .addColumn('purpose', text, required)
    .addColumn('token_hash', text, required)
    .addColumn('email', text, required)
    .addColumn('callback_url', text)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('expires_at', wholeNumber, required)
    .addColumn('used_at', wholeNumber)
    .addPrimaryKeyConstraint(uniqueIndexName('link_tokens', ['id']), ['id'])
    .addForeignKeyConstraint('link_tokens_user_id_fkey', ['user_id'], 'users', ['id'], onDelete('cascade'))
    .execute()
  await addUniqueIndex(db, 'link_tokens', ['token_hash'])
  await addIndex(db, 'link_tokens', ['user_id', 'purpose'])
}

async function createApiKeys(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('api_keys')
    .addColumn('id', text, required)
    .addColumn('user_id', text, required)
    .addColumn('organization_id', text)
    .addColumn('name', text, required)
    .addColumn('format', text, required)
    .addColumn('prefix', text, required)
    .addColumn('start', text, required)
    .addColumn('key_hash', text, required)
    .addColumn('scopes', text, required)
    .addColumn('permissions', text)
    .addColumn('metadata', text)
    .addColumn('enabled', wholeNumber, required)
    .addColumn('expires_at', wholeNumber)
    .addColumn('revoked_at', wholeNumber)
    .addColumn('rate_limit_enabled', wholeNumber, required)
    .addColumn('rate_limit_max', wholeNumber, required)
    .addColumn('rate_limit_window_ms', wholeNumber, required)
    .addColumn('refill_interval_ms', wholeNumber)
    .addColumn('refill_amount', wholeNumber)
    .addColumn('request_count', wholeNumber, required)
    .addColumn('last_request_at', wholeNumber)
    .addColumn('rotated_to', text)
    .addColumn('rotation_request_hash', text)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('api_keys', ['id']), ['id'])
    .addForeignKeyConstraint('api_keys_user_id_fkey', ['user_id'], 'users', ['id'], onDelete('cascade'))
    .addForeignKeyConstraint(
      'api_keys_organization_id_fkey',
      ['organization_id'],
      'organizations',
      ['id'],
      onDelete('cascade'),
    )
    .execute()
  await addUniqueIndex(db, 'api_keys', ['key_hash'])
  await addIndex(db, 'api_keys', ['user_id', 'created_at', 'id'])
  await addIndex(db, 'api_keys', ['organization_id'])
}

async function createProjects(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('projects')
    .addColumn('organization_id', text, required)
    .addColumn('id', text, required)
    .addColumn('name', text, required)
    .addColumn('slug', text, required)
    .addColumn('website', text)
    .addColumn('description', text)
    .addColumn('business_context', text)
    .addColumn('monitoring_intent', text)
    .addColumn('status', text, required)
    .addColumn('frequency', text)
    .addColumn('timezone', text, required)
    .addColumn('created_by_user_id', text)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('projects', ['organization_id', 'id']), [
      'organization_id',
      'id',
    ])
    .addForeignKeyConstraint(
      'projects_organization_id_fkey',
      ['organization_id'],
      'organizations',
      ['id'],
      onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'projects_created_by_user_id_fkey',
      ['created_by_user_id'],
      'users',
      ['id'],
      onDelete('set null'),
    )
    .addCheckConstraint('projects_status_check', sql`status in ('draft', 'active', 'paused')`)
    .execute()
  await addUniqueIndex(db, 'projects', ['organization_id', 'slug'])
  await addIndex(db, 'projects', ['organization_id', 'created_at', 'id'])
}

async function createOutbox(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('id', text, required)
    .addColumn('sealed_mail', text, required)
    .addColumn('attempts', wholeNumber, required)
    .addColumn('next_attempt_at', wholeNumber, required)
    .addColumn('sent_at', wholeNumber)
    .addColumn('last_error', text)
    .addColumn('created_at', wholeNumber, required)
    .addPrimaryKeyConstraint(uniqueIndexName('outbox', ['id']), ['id'])
    .execute()
  await addIndex(db, 'outbox', ['sent_at', 'next_attempt_at'])
}
