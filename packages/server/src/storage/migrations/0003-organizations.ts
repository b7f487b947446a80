import { type Kysely, sql } from 'kysely'
import { uniqueIndexName } from '../unique-violation'
import { addIndex, addUniqueIndex, onDelete, required } from './definitions'
import type { ColumnTypes, Migration } from './migration'

/** Invitations, MFA policies, audit logs, payments, and writes that may be sent again. */
export const organizations: Migration = {
  name: '0003-organizations',
  up: async (db, types) => {
    await addMfaPolicy(db, types)
    await createInvitations(db, types)
    await createAuditEvents(db, types)
    await createAuditChains(db, types)
    await createSubscriptions(db, types)
    await createCheckouts(db, types)
    await createCreditEntries(db, types)
    await createBillingSettings(db, types)
    await createPaymentEvents(db, types)
    await createIdempotencyClaims(db, types)
  },
}

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

const primaryKey = (table: string, columns: string[]) => uniqueIndexName(table, columns)

async function addMfaPolicy(db: Kysely<unknown>, { wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('organizations').addColumn('mfa_required_at', wholeNumber).execute()
  await db.schema
    .alterTable('organizations')
    .addColumn('mfa_grace_days', wholeNumber, column => column.notNull().defaultTo(7))
    .execute()
}

async function createInvitations(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'invitations', types)
    .addColumn('id', text, required)
    .addColumn('email', text, required)
    .addColumn('role', text, required)
    .addColumn('invited_by_user_id', text)
    .addColumn('token_hash', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('sent_at', wholeNumber, required)
    .addColumn('expires_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('invitations', ['organization_id', 'id']), ['organization_id', 'id'])
    .addForeignKeyConstraint(
      'invitations_invited_by_user_id_fkey',
      ['invited_by_user_id'],
      'users',
      ['id'],
      onDelete('set null'),
    )
    .addCheckConstraint('invitations_role_check', sql`role in ('owner', 'admin', 'member')`)
    .execute()
  await addUniqueIndex(db, 'invitations', ['organization_id', 'email'])
  await addUniqueIndex(db, 'invitations', ['token_hash'])
  await addIndex(db, 'invitations', ['invited_by_user_id'])
}

/** Without foreign keys: the log outlives what it tells of. */
async function createAuditEvents(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('audit_events')
    .addColumn('organization_id', text, required)
    .addColumn('sequence', wholeNumber, required)
    .addColumn('id', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('action', text, required)
    .addColumn('outcome', text, required)
    .addColumn('actor_id', text)
    .addColumn('credential_type', text, required)
    .addColumn('credential_id', text)
    .addColumn('resource_type', text, required)
    .addColumn('resource_id', text)
    .addColumn('ip_address', text)
    .addColumn('user_agent', text)
    .addColumn('request_id', text)
    .addColumn('details', text, required)
    .addColumn('previous_hash', text, required)
    .addColumn('hash', text, required)
    .addColumn('signature', text, required)
    .addPrimaryKeyConstraint(primaryKey('audit_events', ['organization_id', 'sequence']), [
      'organization_id',
      'sequence',
    ])
    .execute()
  await addIndex(db, 'audit_events', ['organization_id', 'created_at', 'sequence'])
  await addIndex(db, 'audit_events', ['organization_id', 'action', 'sequence'])
  await addIndex(db, 'audit_events', ['organization_id', 'actor_id', 'sequence'])
  await addIndex(db, 'audit_events', ['organization_id', 'resource_id', 'sequence'])
}

async function createAuditChains(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('audit_chains')
    .addColumn('organization_id', text, required)
    .addColumn('last_sequence', wholeNumber, required)
    .addColumn('last_hash', text, required)
    .addColumn('checkpoint_sequence', wholeNumber)
    .addColumn('checkpoint_hash', text)
    .addColumn('checkpoint_at', wholeNumber)
    .addColumn('checkpoint_signature', text)
    .addPrimaryKeyConstraint(primaryKey('audit_chains', ['organization_id']), ['organization_id'])
    .execute()
}

async function createSubscriptions(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'subscriptions', types)
    .addColumn('provider', text, required)
    .addColumn('customer_id', text)
    .addColumn('subscription_id', text)
    .addColumn('tier_id', text, required)
    .addColumn('billing_interval', text, required)
    .addColumn('seat_count', wholeNumber, required)
    .addColumn('slot_packs', wholeNumber, required)
    .addColumn('status', text, required)
    .addColumn('current_period_start', wholeNumber, required)
    .addColumn('current_period_end', wholeNumber, required)
    .addColumn('cancel_at_period_end', wholeNumber, required)
    .addColumn('sandbox_card', text)
    .addColumn('sync_generation', wholeNumber, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('subscriptions', ['organization_id']), ['organization_id'])
    .execute()
  await addUniqueIndex(db, 'subscriptions', ['provider', 'subscription_id'])
}

async function createCheckouts(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'checkouts', types)
    .addColumn('id', text, required)
    .addColumn('provider', text, required)
    .addColumn('kind', text, required)
    .addColumn('tier_id', text)
    .addColumn('billing_interval', text)
    .addColumn('seat_count', wholeNumber)
    .addColumn('slot_packs', wholeNumber)
    .addColumn('credits', wholeNumber)
    .addColumn('success_url', text, required)
    .addColumn('cancel_url', text, required)
    .addColumn('status', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addColumn('expires_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('checkouts', ['organization_id', 'id']), ['organization_id', 'id'])
    .execute()
  await addUniqueIndex(db, 'checkouts', ['id'])
  await addIndex(db, 'checkouts', ['expires_at'])
}

async function createCreditEntries(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'credit_entries', types)
    .addColumn('id', text, required)
    .addColumn('amount', wholeNumber, required)
    .addColumn('reference', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('credit_entries', ['organization_id', 'id']), [
      'organization_id',
      'id',
    ])
    .execute()
  await addUniqueIndex(db, 'credit_entries', ['organization_id', 'reference'])
}

async function createBillingSettings(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types
  await tenantTable(db, 'billing_settings', types)
    .addColumn('email', text)
    .addColumn('company_name', text)
    .addColumn('tax_id', text)
    .addColumn('address_line1', text)
    .addColumn('address_line2', text)
    .addColumn('postal_code', text)
    .addColumn('city', text)
    .addColumn('country', text)
    .addColumn('updated_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('billing_settings', ['organization_id']), ['organization_id'])
    .execute()
}

async function createPaymentEvents(db: Kysely<unknown>, { text, wholeNumber }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('payment_events')
    .addColumn('id', text, required)
    .addColumn('type', text, required)
    .addColumn('created_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('payment_events', ['id']), ['id'])
    .execute()
  await addIndex(db, 'payment_events', ['created_at'])
}

async function createIdempotencyClaims(
  db: Kysely<unknown>,
  { text, wholeNumber }: ColumnTypes,
): Promise<void> {
  await db.schema
    .createTable('idempotency_claims')
    .addColumn('user_id', text, required)
    .addColumn('key_hash', text, required)
    .addColumn('id', text, required)
    .addColumn('request_hash', text, required)
    .addColumn('state', text, required)
    .addColumn('sealed_answer', text)
    .addColumn('created_at', wholeNumber, required)
    .addPrimaryKeyConstraint(primaryKey('idempotency_claims', ['user_id', 'key_hash']), [
      'user_id',
      'key_hash',
    ])
    .addForeignKeyConstraint(
      'idempotency_claims_user_id_fkey',
      ['user_id'],
      'users',
      ['id'],
      onDelete('cascade'),
    )
    .execute()
  await addIndex(db, 'idempotency_claims', ['created_at'])
}
