import { type Kysely, sql } from 'kysely'
import { uniqueIndexName } from '../unique-violation'
import { addIndex, addUniqueIndex, onDelete, required } from './definitions'
import type { ColumnTypes, Migration } from './migration'

/**
 * One format for all native keys, wrong codes counted by challenge, access tokens, and the tables of short links, QR codes,
 * websites and resources.
 */
export const surfaces: Migration = {
  name: '0004-surfaces',
  up: async (db, types) => {
    await nameNativeFormat(db)
    await countWrongCodes(db, types)
    await createTokenFamilies(db, types)
    await createRefreshTokens(db, types)
    await createNumberSequences(db, types)
    await createLinks(db, types)
    await createQrCodes(db, types)
    await createWebsites(db, types)
    await createScreenshots(db, types)
    await createResources(db, types)
    await createResourceRows(db, types)
    await createResourceValues(db, types)
  },
}

const primaryKey = (table: string, columns: string[]) => uniqueIndexName(table, columns)

/** A table whose rows belong to an organization and go with it. */
const tenantTable = (db: Kysely<unknown>, name: string, { text }: ColumnTypes) =>
  db.schema
    .createTable(name)
    .addColumn('organization_id', text, required)
    .addForeignKeyConstraint(
      `${name}_organization_id_fkey`,
      ['organization_id'],
      'organizations',
      ['id'],
      onDelete('cascade'),
    )

/** Until now the format was the configured prefix. */
const nameNativeFormat = (db: Kysely<unknown>) => sql`update api_keys set format = 'ba'`.execute(db)

async function countWrongCodes(db: Kysely<unknown>, { wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .alterTable('challenges')
    .addColumn('wrong_codes', wholeNumber, column => column.notNull().defaultTo(0))
    .execute()
}

async function createTokenFamilies(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('token_families')
    .addColumn('id', text, required)
    .addColumn('user_id', text, required)
    .addColumn('ip_address', text, required)
    .addColumn('user_agent', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('expires_at', wholeNumber, required)
    .addColumn('ended_at', wholeNumber)
    .addPrimaryKeyConstraint(primaryKey('token_families', ['id']), ['id'])
    .addForeignKeyConstraint('token_families_user_id_fkey', ['user_id'], 'users', ['id'], onDelete('cascade'))
    .execute()
  await addIndex(db, 'token_families', ['user_id'])
  await addIndex(db, 'token_families', ['expires_at'])
}

async function createRefreshTokens(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('refresh_tokens')
    .addColumn('id', text, required)
    .addColumn('family_id', text, required)
    .addColumn('token_hash', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('used_at', wholeNumber)
    .addPrimaryKeyConstraint(primaryKey('refresh_tokens', ['id']), ['id'])
    .addForeignKeyConstraint(
      'refresh_tokens_family_id_fkey',
      ['family_id'],
      'token_families',
      ['id'],
      onDelete('cascade'),
    )
    .execute()
  await addUniqueIndex(db, 'refresh_tokens', ['token_hash'])
  await addIndex(db, 'refresh_tokens', ['family_id'])
}

async function createNumberSequences(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'number_sequences', types)
    .addColumn('kind', text, required)
    .addColumn('last_number', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('number_sequences', ['organization_id', 'kind']), [
      'organization_id',
      'kind',
    ])
    .execute()
}

async function createLinks(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'links', types)
    .addColumn('number', wholeNumber, required)
    .addColumn('alias', text, required)
    .addColumn('long_url', text, required)
    .addColumn('utm', text)
    .addColumn('password_hash', text)
    .addColumn('expires_at', wholeNumber)
    .addColumn('max_clicks', wholeNumber)
    .addColumn('clicks', wholeNumber, required)
    .addColumn('is_qr', wholeNumber, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('links', ['organization_id', 'number']), [
      'organization_id',
      'number',
    ])
    .execute()
  await addUniqueIndex(db, 'links', ['alias'])
  await addIndex(db, 'links', ['organization_id', 'created_at', 'number'])
}

async function createQrCodes(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'qr_codes', types)
    .addColumn('number', wholeNumber, required)
    .addColumn('name', text, required)
    .addColumn('link_number', wholeNumber, required)
    .addColumn('design', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('qr_codes', ['organization_id', 'number']), [
      'organization_id',
      'number',
    ])
    .execute()
  await addUniqueIndex(db, 'qr_codes', ['organization_id', 'link_number'])
}

async function createWebsites(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'websites', types)
    .addColumn('number', wholeNumber, required)
    .addColumn('name', text, required)
    .addColumn('url', text, required)
    .addColumn('viewport_width', wholeNumber, required)
    .addColumn('viewport_height', wholeNumber, required)
    .addColumn('full_page', wholeNumber, required)
    .addColumn('status', text, required)
    .addColumn('last_screenshot_at', wholeNumber)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('websites', ['organization_id', 'number']), [
      'organization_id',
      'number',
    ])
    .execute()
}

async function createScreenshots(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'screenshots', types)
    .addColumn('id', text, required)
    .addColumn('website_number', wholeNumber, required)
    .addColumn('status', text, required)
    .addColumn('error', text)
    .addColumn('attempts', wholeNumber, required)
    .addColumn('next_attempt_at', wholeNumber, required)
    .addColumn('image_base64', text)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('finished_at', wholeNumber)
    .addPrimaryKeyConstraint(primaryKey('screenshots', ['organization_id', 'id']), ['organization_id', 'id'])
    .addForeignKeyConstraint(
      'screenshots_website_fkey',
      ['organization_id', 'website_number'],
      'websites',
      ['organization_id', 'number'],
      onDelete('cascade'),
    )
    .execute()
  await addIndex(db, 'screenshots', ['organization_id', 'website_number', 'id'])
  await addIndex(db, 'screenshots', ['status', 'next_attempt_at'])
}

async function createResources(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'resources', types)
    .addColumn('name', text, required)
    .addColumn('definition', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('resources', ['organization_id', 'name']), [
      'organization_id',
      'name',
    ])
    .execute()
}

async function createResourceRows(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'resource_rows', types)
    .addColumn('resource', text, required)
    .addColumn('id', text, required)
    .addColumn('data', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('resource_rows', ['organization_id', 'resource', 'id']), [
      'organization_id',
      'resource',
      'id',
    ])
    .execute()
  await addIndex(db, 'resource_rows', ['organization_id', 'resource', 'created_at', 'id'])
}

/** The values of unique fields, so that the database itself refuses a second one. */
async function createResourceValues(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text } = types
  await tenantTable(db, 'resource_values', types)
    .addColumn('resource', text, required)
    .addColumn('field', text, required)
    .addColumn('value_digest', text, required)
    .addColumn('row_id', text, required)
    .addPrimaryKeyConstraint(
      primaryKey('resource_values', ['organization_id', 'resource', 'field', 'value_digest']),
      ['organization_id', 'resource', 'field', 'value_digest'],
    )
    .addForeignKeyConstraint(
      'resource_values_row_fkey',
      ['organization_id', 'resource', 'row_id'],
      'resource_rows',
      ['organization_id', 'resource', 'id'],
      onDelete('cascade'),
    )
    .execute()
  await addIndex(db, 'resource_values', ['organization_id', 'resource', 'row_id'])
}
