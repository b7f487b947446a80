import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'

/** Seats in use: of members, and of invitations that are pending. */
export const countSeats = async (
  { clock }: Pick<DomainContext, 'clock'>,
  { memberships, invitations }: Pick<Stores, 'memberships' | 'invitations'>,
  organizationId: string,
): Promise<number> =>
  (await memberships.count(organizationId)) + (await invitations.countPending(organizationId, clock()))
