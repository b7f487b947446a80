import type { OrganizationTable, ProjectTable, UserTable } from '../storage/schema'

const times = { created_at: 0, updated_at: 0 }

/** An organization whose unique columns all hold `id`. */
export const organizationRow = (id: string): OrganizationTable => ({
  id,
  name: id,
  slug: id,
  mfa_required_at: null,
  mfa_grace_days: 7,
  ...times,
})

/** A user whose unique columns all hold `id`. */
export const userRow = (id: string): UserTable => ({
  id,
  email: id,
  email_verified_at: null,
  full_name: id,
  handle: id,
  password_hash: 'none',
  role: 'user',
  is_active: 1,
  marketing_opt_out: 0,
  two_factor_enabled: 0,
  last_login_at: null,
  ...times,
})

/** A project whose id and slug are `id`. */
export const projectRow = (organizationId: string, id: string): ProjectTable => ({
  organization_id: organizationId,
  id,
  name: id,
  slug: id,
  website: null,
  description: null,
  business_context: null,
  monitoring_intent: null,
  status: 'draft',
  frequency: null,
  timezone: 'UTC',
  created_by_user_id: null,
  ...times,
})
