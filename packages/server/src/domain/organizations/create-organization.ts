import type { Stores } from '../../storage/storage'
import type { MemberOrganizationRow } from '../../storage/stores/organization-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import { recordAct } from '../audit/record-act'
import { chooseFreeName } from '../choose-free-name'
import { deriveSlug } from '../derive-slug'
import type { DomainContext } from '../domain-context'
import { conflict, DomainError } from '../domain-error'
import type { Actor } from '../principals/actor'
import { isReservedName } from '../reserved-name'
import { retryOnCollision } from '../retry-on-collision'
import { withActiveUserLocked } from '../with-active-user-locked'

/** How long members have to turn on two-factor authentication, unless their organization says otherwise. */
const DEFAULT_GRACE_DAYS = 7

export const slugTaken = (): DomainError => conflict('slug', 'This slug is taken')

export interface NewOrganization {
  readonly name: string
  /** Undefined: derived from `slugFrom`, with a number behind it if that is taken. */
  readonly slug: string | undefined
  readonly slugFrom: string
  readonly ownerId: string
}

/** Inserts an organization and its owner's membership. @returns the organization's id */
export const insertOrganization = async (
  { clock, newId, randomBytes }: DomainContext,
  stores: Stores,
  input: NewOrganization,
): Promise<string> => {
  const now = clock()
  const id = newId()
  const isTaken = async (slug: string) => isReservedName(slug) || stores.organizations.isSlugTaken(slug)
  const slug =
    input.slug ?? (await chooseFreeName(deriveSlug(input.slugFrom, 'organization'), isTaken, randomBytes))
  const dates = { created_at: now, updated_at: now }
  const policy = { mfa_required_at: null, mfa_grace_days: DEFAULT_GRACE_DAYS }
  await stores.organizations.insert({ id, name: input.name, slug, ...policy, ...dates })
  const owner = { organization_id: id, id: newId(), user_id: input.ownerId, role: 'owner', ...dates }
  await stores.memberships.insert(owner)
  return id
}

/**
 * Creates an organization that the caller owns.
 * @throws DomainError CONFLICT if the slug asked for is taken or reserved; FORBIDDEN for a key that is pinned to another one
 */
export const createOrganization = async (
  context: DomainContext,
  actor: Actor,
  input: { readonly name: string; readonly slug: string | undefined },
): Promise<MemberOrganizationRow> => {
  const { logger } = context
  const { principal } = actor
  const ownerId = principal.userId
  if (principal.pinnedOrganizationId !== null) {
    throw new DomainError('FORBIDDEN', {
      message: 'This key is pinned to one organization; it cannot create another',
    })
  }
  if (input.slug !== undefined && isReservedName(input.slug)) throw slugTaken()
  const insert = () =>
    // Else the account could go at the same moment and leave an organization of nobody.
    withActiveUserLocked(context, ownerId, async stores => {
      const organizationId = await insertOrganization(context, stores, {
        ...input,
        slugFrom: input.name,
        ownerId,
      })
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'organization.created',
        resource: { type: 'organization', id: organizationId },
        details: { name: input.name },
      })
      return organizationId
    })
  const id = await (input.slug === undefined ? retryOnCollision(['slug'], insert) : insertWithSlug(insert))
  logger.info({ event: 'organization.created', organizationId: id, userId: ownerId }, 'organization created')
  return getOrganization(context, id, ownerId)
}

const insertWithSlug = async (insert: () => Promise<string>): Promise<string> => {
  try {
    return await insert()
  } catch (error) {
    if (findUniqueViolation(error)) throw slugTaken()
    throw error
  }
}

/** @throws DomainError FORBIDDEN if the user is no member of it (any more) */
export const getOrganization = async (
  { storage }: DomainContext,
  organizationId: string,
  userId: string,
): Promise<MemberOrganizationRow> => {
  const organization = await storage.organizations.find(organizationId, userId)
  if (!organization) throw new DomainError('FORBIDDEN')
  return organization
}
